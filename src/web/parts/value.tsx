import type { ReactNode } from 'react'
import type { ChecklistItem, LineField } from '../../engine/fields.ts'
import type { FieldView, FileView } from '../../server/views.ts'
import { phoneText } from '../../words/phone.ts'
import { useSpeech } from '../site.tsx'
import { type Speech, fullWords, spanWords } from '../time.ts'
import { answerWord } from './form/answer-word.ts'
import { FileMark } from './form/files-field.tsx'
import { useKeyNames } from './key-names.ts'
import { Phone } from './phone.tsx'
import { RecordLink } from './record-link.tsx'
import { When } from './time-chip.tsx'
import { titleWords } from './title.ts'
import css from './value.module.css'

type Known = { names: Readonly<Record<string, string>>; files: Readonly<Record<string, FileView>> }

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Money in 元 with two places, as on paper. */
export const yuan = (fen: number): string => (fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 })

/** A value in plain words, where there is no room for more. */
export function valueWords(field: FieldView | undefined, value: unknown, names: Readonly<Record<string, string>>,
  speech: Speech): string {
  if (isEmpty(value)) return '—'
  const one = (key: unknown, options: Readonly<Record<string, string>>) => options[String(key)] ?? String(key)
  switch (field?.kind) {
    case 'flag':
    case 'confirm': return speech.say(value === true ? 'yes' : 'no')
    case 'choice': return one(value, field.options)
    case 'choices': return (value as string[]).map((key) => one(key, field.options)).join(speech.say('comma'))
    case 'fen': return `¥${yuan(Number(value))}`
    case 'minutes': return spanWords(Number(value) * 60_000, speech)
    case 'quantity': return String(Number(value) / 1000)
    case 'person': case 'record': return names[String(value)] ?? speech.say('value.unknown')
    case 'instant': return fullWords(Date.parse(String(value)), speech)
    case 'files': return speech.say('files.count', { n: (value as string[]).length })
    case 'signature': return speech.say('signature.kept')
    case 'secret': return '••••••'
    case 'phone': return phoneText(String(value), speech.say('phone.extension'))
    case 'team': return names[`role.${String(value)}`] ?? String(value)
    case 'positions': return (value as string[]).map((key) => names[`position.${key}`] ?? key).join(speech.say('comma'))
    case 'text': return names[`place.${field.name}.${String(value)}`] ?? String(value)
    default: return Array.isArray(value) ? value.map(String).join(speech.say('comma'))
      : typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
}

/** A value as it is read on a page. */
export function Value({ field, value, names: plain, files }: { field: FieldView | undefined; value: unknown } & Known) {
  const speech = useSpeech()
  const names = useKeyNames(plain)
  if (isEmpty(value)) return <span className="hush">—</span>
  switch (field?.kind) {
    case 'long_text': return <span className={css.long}>{String(value)}</span>
    case 'instant': return <When at={String(value)} />
    case 'phone': return <Phone number={String(value)} />
    case 'email': return <a data-link href={`mailto:${String(value)}`}>{String(value)}</a>
    case 'record': return <RecordLink process={field.process} id={String(value)} known={names[String(value)]} />
    case 'files': return <Files ids={value as string[]} files={files} />
    case 'signature': return <Signature value={value} />
    case 'checklist': return <Checklist field={field} value={value as Answers} files={files} />
    case 'lines': return field.ticked ? <Ticked field={field} rows={value as Record<string, unknown>[]} />
      : <Lines columns={field.columns} rows={value as Record<string, unknown>[]} names={names} />
    default: return <span className={css.plain}>{titleWords(valueWords(field, value, names, speech))}</span>
  }
}

function Files({ ids, files }: { ids: readonly string[]; files: Known['files'] }) {
  return <span className={css.files}>{ids.map((id) => files[id] && <FileMark key={id} file={files[id]} />)}</span>
}

function Signature({ value }: { value: unknown }) {
  const { say } = useSpeech()
  const file = (value as { file?: string }).file
  return <img className={css.signature} src={`/api/files/${file}?view=1`} alt={say('signature.kept')} loading="lazy" />
}

/** `zh`: the words of the item when it was answered, where the list is the company's own. */
type Answers = Readonly<Record<string, { answer: string; note?: string; files?: string[]; zh?: string }>>

function Checklist({ field, value, files }: { field: FieldView; value: Answers; files: Known['files'] }) {
  const { say } = useSpeech()
  if (field.kind !== 'checklist') return null
  const word = (answer: string): ReactNode => (answer === 'fail' ? <b>{say(answerWord(field, answer))}</b>
    : say(answerWord(field, answer)))
  const given = Object.values(value)
  if (!field.questions && given.length > 1
    && given.every(({ answer, note, files: photos }) => answer === 'pass' && !note && !photos?.length)) {
    return (
      <details className={css.passed}>
        <summary>{say(field.steps ? 'checklist.all_done' : 'checklist.all_passed', { n: given.length })}</summary>
        <ul>{itemsOf(field.items, value).map((item) => <li key={item.id}>{item.zh}</li>)}</ul>
      </details>
    )
  }
  return (
    <ul className={css.checklist}>
      {itemsOf(field.items, value).map((item) => (
        <li key={item.id}><span>{item.zh}</span><span>{word(value[item.id]!.answer)}
          {value[item.id]!.note && <> · {value[item.id]!.note}</>}</span>
          {value[item.id]!.files && <Files ids={value[item.id]!.files!} files={files} />}</li>))}
    </ul>
  )
}

/** What was answered, in the order of the list; items that the list has no more keep the words they were asked in. */
function itemsOf(items: readonly ChecklistItem[], value: Answers): { id: string; zh: string }[] {
  const known = items.filter(({ id }) => value[id])
  const gone = Object.entries(value).filter(([id]) => !items.some((item) => item.id === id))
  return [...known.map(({ id, zh }) => ({ id, zh: value[id]!.zh ?? zh })),
    ...gone.map(([id, { zh }]) => ({ id, zh: zh ?? id }))]
}

/** Each row in one line, with its tick or the reason why there is none. */
function Ticked({ field, rows }: { field: Extract<FieldView, { kind: 'lines' }>; rows: readonly Record<string, unknown>[] }) {
  const { columns } = field
  const { by, or } = field.ticked!
  const told = Object.keys(columns).filter((name) => name !== by && name !== or)
  return (
    <ul className={css.checklist}>
      {rows.map((row, index) => (
        <li key={index}><span>{told.flatMap((name) => (isEmpty(row[name]) ? []
          : [`${columns[name]!.kind === 'integer' ? '× ' : ''}${String(row[name])}`])).join(' ')}</span>
        <span>{row[by] === true ? columns[by]!.zh : <b>{columns[or]!.zh}: {String(row[or] ?? '')}</b>}</span></li>))}
    </ul>
  )
}

function Lines({ columns, rows, names }: { columns: Readonly<Record<string, LineField>>
  rows: readonly Record<string, unknown>[]; names: Known['names'] }) {
  const speech = useSpeech()
  const shown = Object.entries(columns)
  const number = (column: LineField) => ['integer', 'fen', 'quantity', 'minutes'].includes(column.kind) || undefined
  return (
    <span className={css.scroll}>
      <table className={css.lines}>
        <thead><tr>{shown.map(([name, column]) => (
          <th key={name} scope="col" data-number={number(column)}>{column.zh}</th>))}</tr></thead>
        <tbody>{rows.map((row, index) => (
          <tr key={index}>{shown.map(([name, column]) => (
            <td key={name} data-number={number(column)}>
              {column.kind === 'record' && typeof row[name] === 'string' ? <RecordLink process={column.process}
                id={row[name]} />
                : valueWords({ ...column, name, label: column.zh } as FieldView, row[name], names, speech)}</td>))}
                  </tr>))}</tbody>
      </table>
    </span>
  )
}
