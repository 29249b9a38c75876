import { IconArrowRight, IconMail, IconPrinter, IconSend2, IconSquarePlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { DefinitionView, EventView, FieldView, RecordView } from '../../../server/views.ts'
import { ApiError, olderEvents } from '../../api.ts'
import { useNow, useSay, useSpeech } from '../../site.tsx'
import { dayOf, dayWords } from '../../time.ts'
import { useKeyNames } from '../key-names.ts'
import { FileMark } from '../form/files-field.tsx'
import { When } from '../time-chip.tsx'
import { Value, isEmpty, valueWords } from '../value.tsx'
import { recipientWords } from '../who.ts'
import css from './timeline.module.css'

export const shows = ['all', 'steps', 'files', 'sent'] as const
export type Show = (typeof shows)[number]

const filesOf = (event: EventView): string[] => Object.values(event.input).flatMap((value) =>
  (Array.isArray(value) ? value.filter((one) => typeof one === 'string' && /^[0-9a-f-]{36}$/.test(one)) : []))

const fits: Record<Show, (event: EventView, record: RecordView) => boolean> = {
  all: () => true,
  steps: (event) => event.from_state?.name !== event.to_state.name,
  files: (event, record) => filesOf(event).some((id) => record.files[id]),
  sent: (event) => event.effects.some(({ kind }) => kind === 'send' || kind === 'print'),
}

type TimelineProps = { record: RecordView; definition: DefinitionView; show: Show; onShow: (show: Show) => void }

/** Everything that happened to the record, newest first. */
export function Timeline({ record, definition, show, onShow }: TimelineProps) {
  const say = useSay()
  const { events, more, loading, load, wrong } = useEvents(record)
  const shown = events.filter((event) => fits[show](event, record))
  return (
    <section className={css.timeline} aria-label={say('timeline.title')}>
      <div className={css.filters} role="group" aria-label={say('timeline.filter')}>
        {shows.map((one) => (
          <button key={one} type="button" aria-pressed={one === show} onClick={() => onShow(one)}>
            {say(`timeline.${one}`)}</button>))}
      </div>
      <ol>
        {shown.map((event, index) => (
          <Happened key={event.seq} event={event} before={shown[index - 1]} record={record}
            definition={definition} />))}
      </ol>
      {shown.length === 0 && <p className={css.none}>{say('timeline.none')}</p>}
      {wrong && <p className={css.none} role="alert">{wrong}</p>}
      {more && <button type="button" className={css.older} onClick={load}
        disabled={loading}>{say('timeline.older')}</button>}
    </section>
  )
}

const firstSeq = 1

function useEvents(record: RecordView) {
  const [older, setOlder] = useState<{ id: string; events: readonly EventView[] }>({ id: record.id, events: [] })
  const [loading, setLoading] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const mine = older.id === record.id ? older.events : []
  const last = record.events.at(-1)?.seq ?? 0
  const events = [...record.events, ...mine.filter(({ seq }) => seq < last)]
  const lowest = events.at(-1)?.seq ?? firstSeq
  const load = () => {
    setLoading(true)
    olderEvents(record.process, record.id, lowest)
      .then((answer) => setOlder({ id: record.id, events: [...mine, ...answer.events] }))
      .catch((error: unknown) => setWrong(error instanceof ApiError ? error.message : null))
      .finally(() => setLoading(false))
  }
  return { events, more: lowest > firstSeq && record.events.length > 0, loading, load, wrong }
}

type HappenedProps = { event: EventView; before: EventView | undefined; record: RecordView; definition: DefinitionView }

function Happened({ event, before, record, definition }: HappenedProps) {
  const speech = useSpeech()
  const now = useNow()
  const { zone, say } = speech
  const at = Date.parse(event.at)
  const newDay = !before || dayOf(Date.parse(before.at), zone) !== dayOf(at, zone)
  const moved = event.from_state?.name !== event.to_state.name
  const label = event.label || definition.actions.find(({ name }) => name === event.action)?.label || event.action
  const pending = event.seq > record.seq
  return (
    <>
      {newDay && <li className={css.day}>{dayWords(at, now, speech)}</li>}
      <li className={css.event} data-kind={event.who.kind} data-moved={moved || undefined} data-pending={pending
        || undefined}>
        <span className={css.time}><When at={event.at} short="time" /></span>
        <div className={css.what}>
          <p className={css.line}><b>{event.who.name}</b> <span>{label}</span>
            {moved && <span className={css.to}><IconArrowRight size={13} stroke={1.8} />{event.to_state.label}</span>}
            {pending && <span className="hush">{say('timeline.pending')}</span>}</p>
          <Said event={event} record={record} definition={definition} />
          {event.waived.map((one) => (
            <p key={one.guard} className={css.aside}>{say('timeline.waived', { guard: one.label,
              reason: one.reason })}</p>))}
          {event.cards.length > 0 && (
            <p className={css.aside}>{say('timeline.cards', { cards: event.cards.join(say('comma')) })}</p>)}
          {event.on_behalf_of && <p className={css.aside}>{say('timeline.for', { name: event.on_behalf_of })}</p>}
          {event.at_note && <p className={css.aside}>{say(`timeline.${event.at_note}`)}</p>}
          <Told effects={event.effects} />
          {event.effects.map((effect) => <Effect key={effect.n} effect={effect} record={record} />)}
        </div>
      </li>
    </>
  )
}

/** What was typed; of a change the old and the new. */
function Said({ event, record, definition }: Omit<HappenedProps, 'before'>) {
  const speech = useSpeech()
  const names = useKeyNames(record.names)
  const needs = definition.actions.find(({ name }) => name === event.action)?.needs ?? []
  const fields = new Map<string, FieldView>([...needs, ...definition.fields, ...needs].map((field) => [field.name,
    field]))
  const order = [...fields.keys()]
  const entries = Object.entries(event.input).filter(([, value]) => !isEmpty(value))
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
  if (event.action === 'warn' || event.action === 'overdue') {
    return <p className={css.aside}>{String(event.input.clock ?? '')}</p>
  }
  if (entries.length === 0) return null
  const only = entries.length === 1 && fields.get(entries[0]![0])?.kind === 'long_text'
  return (
    <dl className={only ? css.only : css.said}>
      {entries.map(([name, value]) => {
        const field = fields.get(name)
        const label = field?.label ?? name
        if (event.action === 'edit' && Array.isArray(value)) {
          return <div key={name}><dt>{label}</dt><dd>
            <del>{valueWords(field, value[0], names, speech)}</del> → {valueWords(field, value[1], names, speech)}
          </dd></div>
        }
        return <div key={name}>{!only && <dt>{label}</dt>}
          <dd><Value field={field} value={value} names={record.names} files={record.files} /></dd></div>
      })}
    </dl>
  )
}

/** Messages to several are one line; one that failed stands by itself. */
function Told({ effects }: { effects: EventView['effects'] }) {
  const say = useSay()
  const line = (done: boolean) => {
    const names = effects.filter((one) => one.kind === 'send' && !isBroken(one) && (one.state === 'done') === done)
      .map(({ to }) => recipientWords(to, say))
    return names.length === 0 ? null : (
      <div className={css.effect}><IconMail size={14} stroke={1.6} />
        <span>{say(done ? 'effect.told' : 'effect.tells', { to: [...new Set(names)].join(say('comma')) })}</span></div>)
  }
  return <>{line(true)}{line(false)}</>
}

const isBroken = ({ state }: EventView['effects'][number]): boolean => ['dead', 'uncertain',
  'discarded'].includes(state)

const effectIcons: Record<string, typeof IconMail> = { send: IconMail, print: IconPrinter, tell: IconSend2,
  open: IconSquarePlus }

/** What followed by itself: a message, a print, another record; and whether it arrived. */
function Effect({ effect, record }: { effect: EventView['effects'][number]; record: RecordView }) {
  const say = useSay()
  if (effect.kind === 'tell' || (effect.kind === 'send' && !isBroken(effect))) return null
  const Icon = effectIcons[effect.kind] ?? IconSend2
  const file = effect.result ? record.files[effect.result] : undefined
  const opened = effect.kind === 'open' && effect.result
    ? record.relatives.find(({ id }) => id === effect.result) : undefined
  const known = ['done', 'waiting', 'sending', 'dead', 'uncertain', 'discarded'] as const
  const state = known.find((one) => one === effect.state)
  return (
    <div className={css.effect} title={effect.error ?? undefined}>
      <Icon size={14} stroke={1.6} />
      <span>{effect.kind === 'print' ? effect.what : effect.kind === 'open' ? say('effect.open',
        { number: opened?.number ?? '' })
        : say('effect.tells', { to: recipientWords(effect.to, say) })}</span>
      <span className="hush">{say(effect.kind === 'print' && state === 'sending' ? 'effect.printing'
        : `effect.${state ?? 'waiting'}`)}</span>
      {file && <FileMark file={file} />}
    </div>
  )
}
