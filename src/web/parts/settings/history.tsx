import { useInfiniteQuery } from '@tanstack/react-query'
import type { RevisionsView, SettingsView } from '../../../server/views.ts'
import { ask } from '../../api.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { whenWords } from '../../time.ts'
import { Lost } from '../lost.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { hoursText } from './calendars.tsx'
import css from './settings.module.css'

/** 修改记录: who changed what, when and why, in the words of the page. */
export function History({ view }: { view: SettingsView }) {
  const say = useSay()
  const speech = useSpeech()
  const now = useNow()
  const pages = useInfiniteQuery({ queryKey: ['list', 'settings-history'], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => ask<RevisionsView>(`/api/settings/revisions${pageParam}`, { signal }),
    getNextPageParam: ({ cursor }) => (cursor === null ? undefined : `?before=${cursor}`) })
  if (pages.error) return <Lost error={pages.error} again={() => void pages.refetch()} />
  if (!pages.data) return <GhostRows count={6} />
  const revisions = pages.data.pages.flatMap((page) => page.revisions)
  return (
    <>
      {revisions.length === 0 && <p className="hush">{say('history.none')}</p>}
      {revisions.map((one) => (
        <section key={one.revision} className={css.revision}>
          <h3>{say('history.revision', { n: one.revision })}
            <small>{say('history.by', { name: one.made_by?.name ?? '—',
              when: whenWords(Date.parse(one.made_at), now, speech) })}</small></h3>
          <p>{say('history.why', { why: one.why })}</p>
          <ul>{one.lines.map((line) => (
            <li key={line.path}><span>{pathWords(view, line.path)}</span>
              <span>{say('history.from_to', { from: brief(line.from, say), to: brief(line.to, say) })}</span></li>))}</ul>
        </section>))}
      {pages.hasNextPage && <button type="button" className={css.quiet} onClick={() => void pages.fetchNextPage()}>
        {say('history.more')}</button>}
    </>
  )
}

/** «limits.repair.answer_minutes» as the page calls it; a deeper path keeps what follows. */
function pathWords(view: SettingsView, path: string): string {
  const [part = '', ...rest] = path.split('.')
  const name = rest.join('.')
  if (part === 'limits') return view.about[name]?.label ?? name
  const found = [name, ...rest.map((_step, index) => rest.slice(0, rest.length - index).join('.'))]
    .map((key) => view.words[`${part}.${key}`]).find((word) => word !== undefined)
  const last = rest.length > 1 ? rest.at(-1) : undefined
  return [view.words[part] ?? part, found ?? rest[0], found === undefined || last === undefined
    ? undefined : view.words[`kinds.${last}`] ?? last].filter((word) => word !== undefined && word !== '').join(' · ')
}

type Say = ReturnType<typeof useSay>
const briefMost = 80

/** A value in a line: texts are cut, lists are counted, hours are said. */
function brief(value: unknown, say: Say): string {
  if (value === null || value === undefined || value === '') return say('history.nothing')
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no')
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value).replaceAll('\n', ' / ')
    return text.length > briefMost ? `${text.slice(0, briefMost)}…` : text
  }
  if (Array.isArray(value)) {
    const hours = value.every((one) => Array.isArray(one) && one.length === 2)
    return hours ? hoursText(value as [string, string][]) : value.every((one) => typeof one === 'string')
      ? value.join(say('comma')) : say('history.items', { n: value.length })
  }
  return say('history.whole')
}
