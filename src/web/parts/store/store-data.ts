import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import type { MovePageView, StockPageView, StockRowView, StoreDayView, StoreRowView } from '../../../server/views.ts'
import { act, ask, queryText, randomId } from '../../api.ts'
import { settle } from '../form/use-action-form.ts'

/** Questions of the store. Their keys begin with 'list', so that the stream of what moves makes them stale. */
export const storeQueries = {
  day: () => queryOptions({ queryKey: ['list', 'part_request', 'day'],
    queryFn: ({ signal }) => ask<StoreDayView>('/api/stock/day', { signal }) }),
  stock: (filter: { q?: string; place?: string; low?: string }) => queryOptions({
    queryKey: ['list', 'part', 'stock', filter],
    queryFn: ({ signal }) => ask<StockPageView>(`/api/stock?${queryText(filter)}`, { signal }) }),
  /** All that a place holds, page after page: whoever counts it goes along every shelf. */
  whole: (place: string) => queryOptions({ queryKey: ['list', 'part', 'stock', 'whole', place],
    queryFn: ({ signal }) => wholeStock(place, signal) }),
  moves: (part: string | null) => queryOptions({ queryKey: ['list', 'part', 'moves', part],
    queryFn: ({ signal }) => ask<MovePageView>(part === null ? '/api/stock/old-parts' : `/api/stock/${part}/moves`,
      { signal }) }),
}

/** Pages of a stock that are read at once; a store of more kinds than fit is counted with the scanner. */
const pagesMost = 40

async function wholeStock(place: string, signal: AbortSignal): Promise<StockPageView> {
  const rows: StockRowView[] = []
  let after: string | undefined
  for (let page = 0; page < pagesMost; page += 1) {
    const { rows: more, cursor } = await ask<StockPageView>(`/api/stock?${queryText({ place, after })}`, { signal })
    rows.push(...more)
    if (cursor === null) return { rows, cursor }
    after = cursor
  }
  return { rows, cursor: after ?? null }
}

export const stockAfter = (filter: { q?: string; place?: string; low?: string }, after: string) =>
  ask<StockPageView>(`/api/stock?${queryText({ ...filter, after })}`)
export const movesBefore = (part: string | null, before: string) =>
  ask<MovePageView>(`${part === null ? '/api/stock/old-parts' : `/api/stock/${part}/moves`}?${queryText({ before })}`)

/** Thousandths as people count. */
export const piecesText = (thousandths: number): string => String(thousandths / 1000)

export const plainCode = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase()

/** Acts on a row of the day with one key; a lost answer is asked again under the same key. */
export function useStoreAct(onDone?: () => void) {
  const client = useQueryClient()
  const last = useRef({ text: '', key: '' })
  return useMutation({
    mutationFn: ({ row, action, form = {} }: { row: Pick<StoreRowView, 'id' | 'process'>; action: string; label: string
      form?: Record<string, unknown> }) => {
      const text = JSON.stringify([row.id, action, form])
      if (last.current.text !== text) last.current = { text, key: randomId() }
      return act({ process: row.process, id: row.id, action, form, key: last.current.key })
    },
    onSuccess: (after, { label }) => {
      last.current = { text: '', key: '' }
      settle(client, after)
      void client.invalidateQueries({ queryKey: ['list', 'part_request'] })
      void client.invalidateQueries({ queryKey: ['list', 'part'] })
      notifications.show({ message: `${after.number} ${label}` })
      onDone?.()
    },
    onError: (error) => { notifications.show({ message: error.message }) },
  })
}
