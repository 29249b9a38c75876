import { Menu, Popover } from '@mantine/core'
import { IconChevronDown, IconDownload, IconLayoutKanban, IconList, IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { DefinitionView } from '../../server/views.ts'
import { type Filter, queries, queryText } from '../api.ts'
import { useMe, useSay } from '../site.tsx'
import css from './filter-bar.module.css'
import { useEverywhere } from './frame.tsx'
import { isTimed } from './list-shape.ts'

export type ListSearch = { view?: 'board'; state?: string; kind?: 'open' | 'all'; mine?: true
  due?: 'late' | 'today' | 'week'; q?: string; sort?: string; sel?: string }

type BarProps = { process: string; definition: DefinitionView | undefined; search: ListSearch; filter: Filter }

/** Which records are shown. All of it is in the address, so that a view can be sent to somebody. */
export function FilterBar({ process, definition, search, filter }: BarProps) {
  const say = useSay()
  const navigate = useNavigate()
  const set = (patch: Partial<ListSearch>) => void navigate({ to: '/$process', params: { process },
    search: ((old: ListSearch) => ({ ...old, sel: undefined, ...patch })) as never, replace: true })
  const count = useQuery({ ...queries.count(process, { ...filter, sort: undefined }),
    enabled: definition !== undefined })
  const timed = definition !== undefined && isTimed(definition)
  return (
    <div className={css.bar}>
      <h1 className={css.name}>{definition?.label ?? ' '}
        <span>{count.data ? count.data.capped ? '1000+' : count.data.count : ''}</span></h1>
      <States definition={definition} search={search} set={set} />
      {timed && <button type="button" className={css.toggle} aria-pressed={search.mine ?? false}
        onClick={() => set({ mine: search.mine ? undefined : true })}>{say('filter.mine')}</button>}
      {timed && (['late', 'today', 'week'] as const).map((one) => (
        <button key={one} type="button" className={css.toggle} aria-pressed={search.due === one}
          onClick={() => set({ due: search.due === one ? undefined : one })}>{say(`filter.${one}`)}</button>))}
      <Words key={`${process} ${search.q ?? ''}`} q={search.q} onWords={(q) => set({ q })} />
      <span className={css.right}>
        <View search={search} set={set} />
        <More process={process} filter={filter} />
      </span>
    </div>
  )
}

type PartProps = { search: ListSearch; set: (patch: Partial<ListSearch>) => void }

/** States: the open ones, all, or those that are picked. */
function States({ definition, search, set }: PartProps & { definition: DefinitionView | undefined }) {
  const say = useSay()
  const chosen = search.state?.split(',') ?? []
  const states = definition?.states ?? []
  const open = definition && !isTimed(definition) ? 'filter.current' : 'filter.open'
  const named = states.filter(({ name }) => chosen.includes(name)).map(({ label }) => label)
  const word = chosen.length > 0 ? named.join(say('comma'))
    : say(search.kind === 'all' ? 'filter.all' : open)
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    set({ state: next.length > 0 ? next.join(',') : undefined, kind: undefined })
  }
  return (
    <Popover position="bottom-start" width={220} trapFocus>
      <Popover.Target>
        <button type="button" className={css.toggle} aria-haspopup="dialog">
          <span className="cut">{word}</span><IconChevronDown size={14} /></button>
      </Popover.Target>
      <Popover.Dropdown className={css.states}>
        <button type="button" aria-pressed={chosen.length === 0 && search.kind !== 'all'}
          onClick={() => set({ state: undefined, kind: undefined })}>{say(open)}</button>
        <button type="button" aria-pressed={chosen.length === 0 && search.kind === 'all'}
          onClick={() => set({ state: undefined, kind: 'all' })}>{say('filter.all')}</button>
        <hr />
        {states.map(({ name, label }) => (
          <label key={name}><input type="checkbox" checked={chosen.includes(name)}
            onChange={() => toggle(name)} />{label}</label>))}
      </Popover.Dropdown>
    </Popover>
  )
}

const restMs = 300

/** Words within this list. */
function Words({ q, onWords }: { q: string | undefined; onWords: (q: string | undefined) => void }) {
  const say = useSay()
  const [text, setText] = useState(q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => () => { if (timer.current) clearTimeout(timer.current) }, [])
  const change = (next: string, at: number) => {
    setText(next)
    if (timer.current) clearTimeout(timer.current)
    timer.current = setTimeout(() => onWords(next.trim() || undefined), at)
  }
  return (
    <span className={css.words}>
      <input type="text" value={text} placeholder={say('filter.words')} aria-label={say('filter.words')}
        onChange={(event) => change(event.target.value, restMs)}
        onKeyDown={(event) => { if (event.key === 'Enter') change(text, 0) }} />
      {text && <button type="button" aria-label={say('filter.clear')} onClick={() => change('', 0)}>
        <IconX size={14} /></button>}
    </span>
  )
}

function View({ search, set }: PartProps) {
  const say = useSay()
  return (
    <span className={css.view} role="group" aria-label={say('view.title')}>
      <button type="button" aria-pressed={search.view !== 'board'} onClick={() => set({ view: undefined })}
        title={say('view.list')} aria-label={say('view.list')}><IconList size={17} stroke={1.7} /></button>
      <button type="button" aria-pressed={search.view === 'board'} onClick={() => set({ view: 'board' })}
        title={say('view.board')} aria-label={say('view.board')}><IconLayoutKanban size={17} stroke={1.7} /></button>
    </span>
  )
}

/** Lists that a sheet can be brought into, with its kind. */
const sheetOf: Readonly<Record<string, string>> = { customer: 'customer', site: 'site', machine: 'machine',
  part: 'part' }

function More({ process, filter }: { process: string; filter: Filter }) {
  const say = useSay()
  const { set } = useEverywhere()
  const navigate = useNavigate()
  const create = useMe().processes.find((one) => one.process === process)?.create
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target><button type="button" className={css.icon} aria-label={say('export.title')}
          title={say('export.title')}>
          <IconDownload size={17} stroke={1.7} /></button></Menu.Target>
        <Menu.Dropdown>
          {(['xlsx', 'csv'] as const).map((format) => (
            <Menu.Item key={format} component="a" href={`/api/${process}/export?${queryText({ ...filter, format })}`} download>
              {say(`export.${format}`)}</Menu.Item>))}
          {create && sheetOf[process] && <Menu.Item onClick={() => void navigate({ to: '/sheets',
            search: { kind: sheetOf[process] } })}>{say('sheets.from')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {create && <button type="button" className={css.icon} aria-label={say('frame.new')} title={say('frame.new')}
        onClick={() => set({ new: process })}><IconPlus size={18} stroke={1.8} /></button>}
    </>
  )
}
