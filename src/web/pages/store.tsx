import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useScan } from '../keys.ts'
import { Lost } from '../parts/lost.tsx'
import { useOpenNumber } from '../parts/open-number.ts'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { ScanBox } from '../parts/shelves/scan-box.tsx'
import { Counts } from '../parts/store/count.tsx'
import { Day } from '../parts/store/day.tsx'
import { type How, ScanDrawer } from '../parts/store/scan-drawer.tsx'
import { Ledger, Stock } from '../parts/store/stock.tsx'
import { plainCode, storeQueries } from '../parts/store/store-data.ts'
import css from '../parts/store/store.module.css'
import { useSay } from '../site.tsx'

const route = getRouteApi('/staff/store')
const tabs = ['day', 'stock', 'old', 'count'] as const

/** 备件库房: the day of the store, what lies where, old parts, counts. A scanned part or request opens what it is. */
export function StorePage() {
  const say = useSay()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = (patch: Partial<typeof search>) => void navigate({ search: (old) => ({ ...old, ...patch }), replace: true })
  const day = useQuery(storeQueries.day())
  const client = useQueryClient()
  const openNumber = useOpenNumber()
  const [told, setTold] = useState('')
  const tab = search.tab ?? 'day'
  useEffect(() => { document.title = say('store.title') }, [say])
  const rows = day.data?.rows ?? []
  const scan = async (code: string) => {
    const named = rows.find(({ number }) => plainCode(number) === plainCode(code))
    if (named) return set({ tab: undefined, sel: named.id, do: howOf(named.process, named.state.name) })
    const { rows: parts } = await client.fetchQuery(storeQueries.stock({ q: code.slice(0, 24) }))
    const part = parts.find(({ part_number }) => plainCode(part_number) === plainCode(code))
    if (!part) {
      setTold(say('store.unknown_code', { code }))
      return openNumber(code)
    }
    const wanting = rows.find((row) => row.process === 'part_request' && ['consented', 'arrived'].includes(row.state.name)
      && row.lines.some((line) => line.part === part.id))
    setTold(wanting ? say('store.wanted_by', { part: part.part_number, number: wanting.number }) : '')
    return wanting ? set({ tab: undefined, sel: wanting.id }) : set({ tab: 'stock', q: part.part_number, part: part.id })
  }
  const drawer = rows.find(({ id }) => id === search.sel)
  const open = drawer && search.do ? search.do : undefined
  useScan((code) => { if (!open && tab !== 'count') void scan(code) }, !open && tab !== 'count')
  if (day.error && !day.data) return <Lost error={day.error} again={() => void day.refetch()} />
  return (
    <div className={css.page}>
      <h1 className="only-read">{say('store.title')}</h1>
      <div className={css.bar}>
        <div className={css.tabs} role="group" aria-label={say('store.title')}>
          {tabs.map((one) => <button key={one} type="button" aria-pressed={tab === one}
            onClick={() => set({ tab: one === 'day' ? undefined : one, do: undefined, sel: undefined, part: undefined })}>
            {say(`store.tab.${one}`)}</button>)}
        </div>
        {tab === 'day' && <ScanBox waits={false} onScan={(code) => void scan(code)} />}
        <p role="status" className={css.told}>{told}</p>
      </div>
      <div className={css.content}>
        {tab === 'day' && (day.data ? <Day rows={rows} most={day.data.queueMost} sel={search.sel}
          onSel={(sel) => set({ sel, do: undefined })} onOpen={(row, how) => set({ sel: row.id, do: how })} />
          : <GhostRows count={8} />)}
        {tab === 'stock' && <Stock q={search.q ?? ''} place={search.place ?? ''} low={search.low ?? false} part={search.part}
          onSet={set} />}
        {tab === 'old' && <Ledger part={null} />}
        {tab === 'count' && <Counts rows={rows.filter(({ process }) => process === 'stock_count')} sel={search.count}
          onSel={(count) => set({ count })} />}
      </div>
      {drawer && open && <ScanDrawer key={`${drawer.id} ${open}`} row={drawer} how={open}
        onClose={() => set({ do: undefined })} />}
    </div>
  )
}

const howOf = (process: string, state: string): How | undefined => (process === 'purchase'
  ? state === 'arrived' ? 'check' : undefined
  : state === 'consented' || state === 'arrived' ? 'issue' : state === 'issued' ? 'take_back' : undefined)
