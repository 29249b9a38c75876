import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { SettingsView } from '../../../server/views.ts'
import { useSay, useSpeech } from '../../site.tsx'
import { spanWords } from '../../time.ts'
import type { SettingsDoor } from './draft.ts'
import css from './settings.module.css'

type About = SettingsView['about'][string]

/** What is stored for one unit as people type it. */
const scales: Readonly<Record<About['unit'], number>> = { minutes: 1, days: 1, months: 1, fen: 100, thousandths: 10,
  times: 1 }
const minuteMs = 60_000
const anHour = 60

/** Limits and figures in plain words, with their unit, the rule that they belong to, and what the regulation says. */
export function Figures({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const [text, setText] = useState('')
  const { about, limit_names: names } = door.view
  const word = text.trim().toLowerCase()
  const fits = (name: string) => word === ''
    || `${about[name]!.label} ${about[name]!.rules.join(' ')} ${name}`.toLowerCase().includes(word)
  const groups = new Map<string, string[]>()
  for (const name of names.filter(fits)) {
    const group = about[name]!.process ?? say('settings.other')
    groups.set(group, [...groups.get(group) ?? [], name])
  }
  return (
    <>
      <p className={css.hint}>{say('settings.figures_hint')}</p>
      <input type="text" className={css.find} value={text} placeholder={say('settings.find')}
        aria-label={say('settings.find')} onChange={(event) => setText(event.target.value)} />
      {groups.size === 0 && <p className="hush">{say('settings.none')}</p>}
      {[...groups].map(([group, members]) => (
        <section key={group} className={css.group}>
          <h2>{group}</h2>
          {members.map((name) => <Figure key={name} name={name} door={door} />)}
        </section>))}
    </>
  )
}

function Figure({ name, door }: { name: string; door: SettingsDoor }) {
  const speech = useSpeech()
  const { say } = speech
  const about = door.view.about[name]!
  const scale = scales[about.unit]
  const value = door.valueOf('limits', name) as number | undefined
  const base = door.view.defaults.limits[name]
  const unit = about.unit === 'days' && about.working_days ? 'working_days' : about.unit
  const shown = (one: number) => `${one / scale} ${say(`settings.unit.${unit}`)}`
  const error = door.errorAt(`limits.${name}`)
  return (
    <div className={css.row} data-changed={door.isChanged('limits', name) || undefined}>
      <label htmlFor={`limit-${name}`}>{about.label}</label>
      <span className={css.value}>
        <input id={`limit-${name}`} type="number" min={0} step="any" inputMode="decimal"
          value={value === undefined ? '' : value / scale} placeholder={base === undefined ? '—' : undefined}
          aria-invalid={error !== undefined} onChange={(event) => door.set('limits', name,
            event.target.value === '' ? null : Math.round(Number(event.target.value) * scale))} />
        <span className={css.unit}>{say(`settings.unit.${unit}`)}
          {unit === 'minutes' && value !== undefined && value > anHour
            && ` ${say('settings.equals', { span: spanWords(value * minuteMs, speech) })}`}</span>
      </span>
      <span className={css.aside}>
        {door.isOwn('limits', name) && base !== undefined && <>
          <b>{say(door.isChanged('limits', name) ? 'settings.changed' : 'settings.own')}</b>
          <button type="button" className={css.quiet} onClick={() => door.set('limits', name, null)}>
            {say('settings.back_to', { value: shown(base) })}</button></>}
        {value === undefined && <span>{say('settings.off')}</span>}
        {about.rules.map((rule) => <Link key={rule} to="/rules" hash={rule}>{rule}</Link>)}
      </span>
      {error && <p className={css.error} role="alert">{error}</p>}
    </div>
  )
}
