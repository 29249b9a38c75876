import type { ScheduleView as Schedule } from '../../../server/views.ts'
import type { WebKey } from '../../../words/web.ts'
import { useMe, useSay } from '../../site.tsx'
import type { SettingsDoor } from './draft.ts'
import css from './settings.module.css'

/** Repeated duties: when each fires, and whether it rests. */
export function Schedules({ door }: { door: SettingsDoor }) {
  const say = useSay()
  const names = [...new Set([...Object.keys(door.view.defaults.schedules), ...Object.keys(door.view.effective.schedules),
    ...Object.keys(door.view.overrides.schedules ?? {})])]
  if (names.length === 0) return <p className="hush">{say('schedules.none')}</p>
  return names.map((name) => <One key={name} name={name} door={door} />)
}

function One({ name, door }: { name: string; door: SettingsDoor }) {
  const say = useSay()
  const { processes } = useMe()
  const own = door.view.overrides.schedules?.[name]
  // One that rests is not among the effective ones: its own override says what it was.
  const schedule = (door.valueOf('schedules', name) ?? own ?? door.view.defaults.schedules[name]) as Schedule
  const { at } = schedule
  const set = (next: Partial<Schedule>) => {
    const { off, ...rest } = { ...schedule, ...next }
    door.set('schedules', name, off ? { ...rest, off } : rest)
  }
  const error = door.errorAt(`schedules.${name}`)
  return (
    <div className={css.row} data-changed={door.isChanged('schedules', name) || undefined}>
      <span>{schedule.zh}<br /><small className="hush">{say('schedules.opens', { process:
        processes.find(({ process }) => process === schedule.process)?.label ?? schedule.process })}
        {schedule.rule && ` · ${schedule.rule.join(' ')}`}</small></span>
      <span className={css.value}>
        {at.day === undefined
          ? <select value={at.weekday ?? ''} aria-label={say('schedules.day')} disabled={schedule.off}
            onChange={(event) => set({ at: { time: at.time, ...(at.calendar && { calendar: at.calendar }),
              ...(event.target.value !== '' && { weekday: Number(event.target.value) }) } })}>
            <option value="">{say('schedules.daily')}</option>
            {[1, 2, 3, 4, 5, 6, 7].map((day) => <option key={day} value={day}>{say(`weekday.${day}` as WebKey)}</option>)}
          </select>
          : <input type="number" min={-28} max={31} value={at.day} aria-label={say('schedules.day')}
            disabled={schedule.off} style={{ width: 70 }}
            onChange={(event) => set({ at: { ...at, day: Number(event.target.value) } })} />}
        <input type="time" value={at.time} aria-label={say('schedules.time')} disabled={schedule.off}
          onChange={(event) => { if (event.target.value !== '') set({ at: { ...at, time: event.target.value } }) }} />
      </span>
      <span className={css.aside}>
        <label><input type="checkbox" checked={!schedule.off}
          onChange={(event) => set({ off: event.target.checked ? undefined : true })} /> {say('schedules.on')}</label>
        {schedule.off ? say('schedules.off') : at.day === undefined
          ? say(at.weekday === undefined ? 'schedules.every_day' : 'schedules.weekly',
            { time: at.time, day: at.weekday === undefined ? '' : say(`weekday.${at.weekday}` as WebKey) })
          : say(at.day < 0 ? 'schedules.monthly_last' : 'schedules.monthly', { day: Math.abs(at.day), time: at.time })}
      </span>
      {error && <p className={css.error} role="alert">{error}</p>}
    </div>
  )
}
