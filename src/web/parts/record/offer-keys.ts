import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { RecordView } from '../../../server/views.ts'
import { type Keys, useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { offerCommands } from '../commands.ts'
import { isOpen, orderedOffers } from './actions.tsx'

const route = getRouteApi('/staff/$process/$id')

/** 1…9 open what is offered; Esc goes back a step; the command list knows the offers too. */
export function useOfferKeys(record: RecordView, open: (action: string) => void, close: () => void): void {
  const live = orderedOffers(record).filter(isOpen)
  const keys: Record<string, Keys[string]> = Object.fromEntries(live.slice(0, 9).map((offer, index) =>
    [String(index + 1), () => open(offer.action)]))
  const search = route.useSearch()
  useKeys({ ...keys, Escape: (event) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA)$/.test(target.tagName)) target.blur()
    else if (search.do) close()
    else window.history.back()
  } })
  const say = useSay()
  const signature = live.map(({ action }) => action).join()
  useEffect(() => {
    offerCommands(live.map((offer, index) => ({ group: record.number, label: offer.label,
      key: index < 9 ? String(index + 1) : undefined, run: () => open(offer.action) })))
    return () => offerCommands(null)
    // The offers are the same as long as their names are.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [record.id, signature, say])
}
