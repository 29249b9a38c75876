import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CalendarDoc, CalendarException, Hours } from '../../../engine/calendar.ts'
import type { SettingsView } from '../../../server/views.ts'
import type { WebKey } from '../../../words/web.ts'
import { ApiError, ask } from '../../api.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dayOf } from '../../time.ts'
import { type SettingsDoor, settingsKey } from './draft.ts'
import css from './settings.module.css'

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const
const span = /^(\d{1,2}:\d{2})\s*[-–—~至到]\s*(\d{1,2}:\d{2})$/

export const hoursText = (hours: readonly Hours[] | undefined): string =>
  (hours ?? []).map(([from, to]) => `${from}-${to}`).join(', ')

/** '08:30-12:00, 13:30-18:00' as hours; null when it is no such text. */
export function hoursOf(text: string): Hours[] | null {
  const parts = text.split(/[,，、;；]/).map((part) => part.trim()).filter((part) => part !== '')
  const found = parts.map((part) => span.exec(part.replaceAll('：', ':')))
  if (found.some((match) => match === null)) return null
  return found.map((match) => [match![1]!.padStart(5, '0'), match![2]!.padStart(5, '0')])
}

/** Opening hours of each calendar: the week, and the days that differ from it. */
export function Calendars({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const keys = Object.keys(door.view.effective.calendars)
  const [picked, setPicked] = useState(keys[0]!)
  const doc = door.valueOf('calendars', picked) as CalendarDoc
  const set = (next: Partial<CalendarDoc>) => door.set('calendars', picked, { ...doc, ...next })
  return (
    <>
      <div className={css.picks} role="group" aria-label={say('calendar.which')}>
        {keys.map((key) => (
          <button key={key} type="button" aria-pressed={key === picked} onClick={() => setPicked(key)}>
            {(door.valueOf('calendars', key) as CalendarDoc).name}</button>))}
      </div>
      {door.errorAt(`calendars.${picked}`) && <p className={css.error} role="alert">
        {door.errorAt(`calendars.${picked}`)}</p>}
      <h2 className={css.hint}>{say('calendar.week')} · {say('calendar.hours_hint')}</h2>
      <div className={css.week}>
        {weekdays.map((day) => <Day key={`${picked} ${day}`} day={day} hours={doc.week[day]}
          onHours={(hours) => {
            const { [day]: _old, ...week } = doc.week
            set({ week: hours.length === 0 ? week : { ...week, [day]: hours } })
          }} />)}
      </div>
      <SpecialDays key={picked} doc={doc} onChange={(exceptions) => set({ exceptions })} />
      <Statutory calendar={picked} doc={doc} door={door} />
    </>
  )
}

function Day({ day, hours, onHours }: { day: string; hours: readonly Hours[] | undefined
  onHours: (hours: Hours[]) => void }) {
  const say = useSay()
  const [text, setText] = useState(hoursText(hours))
  const parsed = hoursOf(text)
  return (
    <>
      <label htmlFor={`day-${day}`}>{say(`weekday.${day}` as WebKey)}</label>
      <input id={`day-${day}`} type="text" value={text} placeholder={say('calendar.closed')} autoComplete="off"
        aria-invalid={parsed === null} onChange={(event) => {
          setText(event.target.value)
          const next = hoursOf(event.target.value)
          if (next) onHours(next)
        }} />
      <span className="hush">{parsed?.length === 0 ? say('calendar.closed') : ''}</span>
      {parsed === null && <p className={css.error} role="alert">{say('calendar.bad_hours')}</p>}
    </>
  )
}

type Exceptions = Readonly<Record<string, CalendarException>>

function SpecialDays({ doc, onChange }: { doc: CalendarDoc; onChange: (exceptions: Exceptions) => void }) {
  const say = useSay()
  const speech = useSpeech()
  const today = dayOf(useNow(), speech.zone)
  const [past, setPast] = useState(false)
  const dates = Object.keys(doc.exceptions).sort()
  const shown = past ? dates : dates.filter((date) => date >= today)
  return (
    <section>
      <h2 className={css.hint}>{say('calendar.days')} · {say('calendar.days_hint')}</h2>
      <NewDay onAdd={(date, exception) => onChange({ ...doc.exceptions, [date]: exception })} />
      {shown.length > 0 && <table className={css.days}>
        <thead><tr><th>{say('calendar.date')}</th><th>{say('calendar.kind')}</th><th>{say('calendar.note')}</th>
          <th aria-hidden="true" /><th aria-hidden="true" /></tr></thead>
        <tbody>{shown.map((date) => {
          const one = doc.exceptions[date]!
          return (
            <tr key={date} data-kind={one.open ? 'open' : 'close'}>
              <td>{date}</td>
              <td>{one.open ? `${say('calendar.open')} ${hoursText(one.open)}` : one.close === 'all'
                ? say('calendar.close') : `${say('calendar.close')} ${hoursText(one.close)}`}</td>
              <td>{one.note}</td>
              <td><span className={css.mark}>{say(one.source === 'statutory' ? 'calendar.statutory'
                : 'calendar.company')}</span></td>
              <td><button type="button" className={css.quiet} aria-label={say('calendar.remove', { date })}
                onClick={() => {
                  const { [date]: _gone, ...rest } = doc.exceptions
                  onChange(rest)
                }}>×</button></td>
            </tr>)
        })}</tbody>
      </table>}
      {!past && shown.length < dates.length && <button type="button" className={css.quiet}
        onClick={() => setPast(true)}>{say('calendar.past', { n: dates.length - shown.length })}</button>}
    </section>
  )
}

function NewDay({ onAdd }: { onAdd: (date: string, exception: CalendarException) => void }) {
  const say = useSay()
  const [date, setDate] = useState('')
  const [kind, setKind] = useState<'close' | 'open'>('close')
  const [hours, setHours] = useState('08:30-12:00, 13:30-18:00')
  const [note, setNote] = useState('')
  const open = hoursOf(hours)
  const ready = date !== '' && (kind === 'close' || (open !== null && open.length > 0))
  return (
    <form className={css.new} onSubmit={(event) => {
      event.preventDefault()
      if (!ready) return
      // A day of other hours is closed first and then open for these alone.
      onAdd(date, { close: 'all', ...(kind === 'open' && { open: open! }), ...(note !== '' && { note }), source: 'company' })
      setDate('')
      setNote('')
    }}>
      <label>{say('calendar.date')}<input type="date" value={date} onChange={(event) => setDate(event.target.value)} />
      </label>
      <label>{say('calendar.kind')}<select value={kind}
        onChange={(event) => setKind(event.target.value as 'close' | 'open')}>
        <option value="close">{say('calendar.close')}</option><option value="open">{say('calendar.open')}</option>
      </select></label>
      {kind === 'open' && <label>{say('calendar.open_hours')}<input type="text" value={hours}
        onChange={(event) => setHours(event.target.value)} /></label>}
      <label>{say('calendar.note')}<input type="text" value={note} maxLength={60}
        onChange={(event) => setNote(event.target.value)} /></label>
      <Button type="submit" variant="default" disabled={!ready}>{say('calendar.add')}</Button>
    </form>
  )
}

/** Statutory days are loaded from the published tables: a revision of its own. */
function Statutory({ calendar, doc, door }: { calendar: string; doc: CalendarDoc; door: SettingsDoor }) {
  const say = useSay()
  const speech = useSpeech()
  const client = useQueryClient()
  const year = Number(dayOf(useNow(), speech.zone).slice(0, 4))
  const load = useMutation({
    mutationFn: (wanted: number) => ask<SettingsView>('/api/settings/statutory-days', { method: 'POST',
      body: { calendar, year: wanted, why: say('calendar.load_why', { year: wanted }) }, seq: door.view.revision }),
    onSuccess: (after) => client.setQueryData(settingsKey, after),
  })
  const missing = [year, year + 1].filter((one) => !doc.known_years?.includes(one))
  return (
    <div className={css.new}>
      <p className="hush">{doc.known_years ? say('calendar.years', { years: doc.known_years.join(' ') })
        : say('calendar.no_years')}</p>
      {missing.map((one) => <Button key={one} variant="default" size="xs" loading={load.isPending}
        disabled={door.count > 0} onClick={() => load.mutate(one)}>{say('calendar.load_year', { year: one })}</Button>)}
      {door.count > 0 && missing.length > 0 && <p className="hush">{say('calendar.save_first')}</p>}
      {load.error instanceof ApiError && <p className={css.error} role="alert">
        {load.error.problem.fields?.[0]?.message ?? load.error.problem.message}</p>}
    </div>
  )
}
