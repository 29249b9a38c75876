import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { SettingsView } from '../../server/views.ts'
import { ask } from '../api.ts'
import { Lost } from '../parts/lost.tsx'
import { GhostRows } from '../parts/rows-ghost.tsx'
import { Calendars } from '../parts/settings/calendars.tsx'
import { Checks } from '../parts/settings/checks.tsx'
import { type Part, type SettingsDoor, settingsKey, useSettingsDraft } from '../parts/settings/draft.ts'
import { Figures } from '../parts/settings/figures.tsx'
import { History } from '../parts/settings/history.tsx'
import { Positions } from '../parts/settings/positions.tsx'
import { SaveBar } from '../parts/settings/save-bar.tsx'
import { Schedules } from '../parts/settings/schedules.tsx'
import css from '../parts/settings/settings.module.css'
import { Cards, Texts } from '../parts/settings/words.tsx'
import { useMe, useSay } from '../site.tsx'

const route = getRouteApi('/staff/settings')

/** The tabs, and the part of the settings that each changes. */
const tabs = [['figures', 'limits'], ['calendars', 'calendars'], ['positions', null], ['texts', 'texts'],
  ['cards', 'cards'], ['checks', 'checklists'], ['schedules', 'schedules'], ['history', null]] as const satisfies
  readonly (readonly [string, Part | null])[]

/** How often the progress of a recomputation is asked for. */
const progressMs = 2000

/** 设置: figures, hours, positions, words and lists of the company; each save is a revision with its reason. */
export function SettingsPage() {
  const say = useSay()
  const { roles } = useMe()
  const { data, error, refetch } = useQuery({ queryKey: settingsKey,
    queryFn: ({ signal }) => ask<SettingsView>('/api/settings', { signal }),
    refetchInterval: ({ state }) => (state.data?.recomputation ? progressMs : false) })
  useEffect(() => { document.title = say('settings.title') }, [say])
  if (!roles.includes('administrator')) return <p className={css.body}>{say('settings.not_yours')}</p>
  if (error && !data) return <Lost error={error} again={() => void refetch()} />
  return data ? <Standing view={data} /> : <GhostRows count={12} />
}

function Standing({ view }: { view: SettingsView }) {
  const say = useSay()
  const { part = 'figures' } = route.useSearch()
  const navigate = route.useNavigate()
  const door = useSettingsDraft(view)
  const { label } = view.regulation
  const list = useRef<HTMLDivElement>(null)
  // On a narrow screen the tabs go on past the edge: the chosen one is brought in.
  useEffect(() => {
    list.current?.querySelector(`[data-part="${part}"]`)?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [part])
  const changed = (of: Part | null) => (of === null ? 0 : Object.keys(door.change[of] ?? {}).length)
  return (
    <article className={css.page}>
      <header className={css.head}><h1>{say('settings.title')}</h1>
        <p>{view.revision === 0 ? say('settings.of_first', { regulation: label })
          : say('settings.of', { regulation: label, n: view.revision })}</p>
        {view.recomputation && <p role="status">{say('settings.recomputing', view.recomputation)}</p>}</header>
      <div ref={list} className={css.tabs} role="tablist" aria-label={say('settings.parts')}>
        {tabs.map(([name, of]) => (
          <button key={name} type="button" role="tab" data-part={name} aria-selected={name === part}
            onClick={() => void navigate({ search: { part: name }, replace: true })}>
            {say(`settings.${name}`)}{changed(of) > 0 && <sup>{changed(of)}</sup>}</button>))}
      </div>
      <div className={css.body} role="tabpanel" aria-label={say(`settings.${part}`)}>
        <PartOf part={part} door={door} />
      </div>
      {door.count > 0 && <SaveBar door={door} />}
    </article>
  )
}

function PartOf({ part, door }: { part: (typeof tabs)[number][0]; door: SettingsDoor }) {
  switch (part) {
    case 'figures': return <Figures door={door} />
    case 'calendars': return <Calendars key={`${door.view.revision} ${door.version}`} door={door} />
    case 'positions': return <Positions view={door.view} />
    case 'texts': return <Texts door={door} />
    case 'cards': return <Cards door={door} />
    case 'checks': return <Checks door={door} />
    case 'schedules': return <Schedules door={door} />
    case 'history': return <History view={door.view} />
  }
}
