import { notifications } from '@mantine/notifications'
import { IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DefinitionView, RecordView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { Phone } from '../phone.tsx'
import { RecordLink } from '../record-link.tsx'
import { StatePath } from '../state.tsx'
import { ClockChip, When } from '../time-chip.tsx'
import { titleWords } from '../title.ts'
import { Value, isEmpty } from '../value.tsx'
import css from './head.module.css'

/** Copies a text, also on a page without HTTPS where the clipboard is closed. */
export async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false)
  const box = document.createElement('textarea')
  box.value = text
  box.style.position = 'fixed'
  document.body.append(box)
  box.select()
  const done = document.execCommand('copy')
  box.remove()
  return done
}

/** A number that one press copies. */
export function CopyNumber({ number }: { number: string }) {
  const say = useSay()
  const take = () => void copy(number).then((done) => notifications.show({
    message: say(done ? 'copied' : 'copy_failed', { text: number }) }))
  return (
    <button type="button" className={css.number} onClick={take} title={say('copy')} aria-label={say('copy_what',
      { text: number })}>
      {number}<IconCopy size={14} stroke={1.6} />
    </button>
  )
}

/** Of a record that belongs to a repair order: whose machine it is, and who is called. */
function OfOrder({ record, order }: { record: RecordView; order: NonNullable<RecordView['order']> }) {
  const { customer } = record
  const phone = order.contact_phone
  if (!customer) return null
  return (
    <ul className={css.subject}>
      <li><RecordLink process="customer" id={customer.id} known={customer.name} /></li>
      {order.contact_name && order.contact_name !== customer.name && <li>{order.contact_name}</li>}
      {phone && <li><Phone number={phone} /></li>}
    </ul>
  )
}

/** Whom and what it is about, in one line: customer, machine, warranty. */
function Subject({ record, definition }: { record: RecordView; definition: DefinitionView }) {
  const about = ['customer', 'machine', 'contact_name', 'contact_phone', 'warranty']
  const fields = about.flatMap((name) => definition.fields.find((field) => field.name === name) ?? [])
    .filter((field) => !isEmpty(record.values[field.name]))
  if (!fields.some(({ kind }) => kind === 'record')) {
    return record.order ? <OfOrder record={record} order={record.order} /> : record.customer && (
      <ul className={css.subject}><li><RecordLink process="customer" id={record.customer.id} known={record.customer.name} /></li></ul>)
  }
  const isTold = (name: string) => record.title.includes(record.names[String(record.values[name])] ?? '\n')
  return (
    <ul className={css.subject}>
      {fields.map((field) => (
        <li key={field.name} title={field.label} data-told={isTold(field.name) || undefined}>
          <span className="only-read">{field.label}</span>
          <Value field={field} value={record.values[field.name]} names={record.names} files={record.files} /></li>))}
    </ul>
  )
}

/** Clocks that count now, or were missed, in full; those that rest or were kept behind one word. */
function Clocks({ clocks, onWhy }: { clocks: RecordView['clocks']; onWhy: (clock: string) => void }) {
  const say = useSay()
  const chip = (clock: RecordView['clocks'][number]) =>
    <ClockChip key={clock.clock} clock={clock} onWhy={() => onWhy(clock.clock)} />
  const telling = clocks.filter(({ running, state }) => running || state === 'late' || state === 'missed')
  const resting = clocks.filter((clock) => !telling.includes(clock))
  return (
    <>
      {telling.map(chip)}
      {resting.length > 0 && resting.length <= 2 && resting.map(chip)}
      {resting.length > 2 && (
        <details className={css.resting}>
          <summary>{say('record.other_clocks', { count: resting.length })}</summary>
          <div>{resting.map(chip)}</div>
        </details>)}
    </>
  )
}

type HeadProps = { record: RecordView; definition: DefinitionView; onWhy: (clock: string) => void
  /** The page says itself whom it is about. */
  told?: boolean }

/** What this record is, where it stands, whose it is, and its clocks. */
export function Head({ record, definition, onWhy, told = false }: HeadProps) {
  const say = useSay()
  const people: readonly { word: string; name: string; author?: boolean }[] = [
    ...(record.owner ? [{ word: say('record.owner'), name: record.owner.name }] : []),
    ...(record.handler ? [{ word: say('record.handler'), name: record.handler.name }]
      : record.team ? [{ word: say('record.team'), name: record.team.label }] : []),
    ...(record.author && record.author.id !== record.handler?.id ? [{ word: say('record.author'),
      name: record.author.name, author: true }] : []),
  ]
  return (
    <header className={css.head}>
      <p className={css.line}>
        <Link to="/$process" params={{ process: record.process }} className={css.kind}>{record.label}</Link>
        <CopyNumber number={record.number} />
        {record.old_number && <span className="hush">{say('record.old_number', { number: record.old_number })}</span>}
      </p>
      <h1 className={css.title}>{titleWords(record.title)}</h1>
      {!told && <Subject record={record} definition={definition} />}
      {record.agreed && <p className="hush">{record.agreed}</p>}
      <div className={css.path}><StatePath record={record} definition={definition} /></div>
      <div className={css.facts}>
        <div className={css.clocks}><Clocks clocks={record.clocks} onWhy={onWhy} /></div>
        <dl>
          {people.map(({ word, name, author }) => <div key={word} data-author={author || undefined}><dt>{word}</dt><dd>{name}</dd></div>)}
          <div><dt>{say('record.opened')}</dt><dd><When at={record.opened_at} /></dd></div>
          {record.closed_at && <div><dt>{say('record.closed')}</dt><dd><When at={record.closed_at} /></dd></div>}
        </dl>
      </div>
    </header>
  )
}
