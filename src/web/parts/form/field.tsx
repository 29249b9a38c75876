import type { ReactNode } from 'react'
import type { FieldView, FileView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import type { AskedField } from './asked.ts'
import { ChecklistField } from './checklist-field.tsx'
import { CustomerField } from './customer-field.tsx'
import css from './field.module.css'
import { FilesField } from './files-field.tsx'
import { LinesField } from './lines-field.tsx'
import { PersonField, PositionsField, RecordField, TeamField } from './people-fields.tsx'
import { SignatureField } from './signature-field.tsx'
import { ChoiceField, FlagField, NumberField, TextField } from './simple-fields.tsx'
import { DateField, InstantField } from './time-fields.tsx'

/** What every input of a form gets. `error` takes a path below the field: '' is the field itself. */
export type InputProps = { field: FieldView; value: unknown; onChange: (value: unknown) => void
  error: (path?: string) => string | undefined
  names: Readonly<Record<string, string>>; files: Readonly<Record<string, FileView>>
  onName: (id: string, name: string) => void; onFile: (file: FileView) => void; onBusy: (busy: boolean) => void
  /** Whose form it is: their sites and machines are offered, not everybody's. */
  customer?: string
  /** In a cell of a table: no pills, no quick answers. */
  compact?: boolean }

const wide = new Set(['files', 'checklist', 'signature', 'lines', 'choices', 'positions'])
/** Texts beyond so many characters, and choices of more than so many answers, take the whole width. */
const halfMost = { text: 200, long_text: 1000, options: 3 } as const

/** Fields that take the whole width of a form. */
export const isWide = (field: FieldView): boolean => wide.has(field.kind)
  || (field.kind === 'text' && (field.max ?? 200) > halfMost.text)
  || (field.kind === 'long_text' && (field.max ?? 4000) > halfMost.long_text)
  || (field.kind === 'choice' && Object.keys(field.options).length > halfMost.options)

/** The input of a field, by its kind. */
export function FieldInput(props: InputProps) {
  switch (props.field.kind) {
    case 'text': case 'long_text': case 'phone': case 'email': case 'secret': return <TextField {...props} />
    case 'integer': case 'minutes': case 'fen': case 'quantity': return <NumberField {...props} />
    case 'choice': case 'choices': return <ChoiceField {...props} />
    case 'flag':
    case 'confirm': return <FlagField {...props} />
    case 'date': return <DateField {...props} />
    case 'instant': return <InstantField {...props} />
    case 'person': return <PersonField {...props} />
    case 'record': return props.field.process === 'customer' ? <CustomerField {...props} /> : <RecordField {...props} />
    case 'team': return <TeamField {...props} />
    case 'positions': return <PositionsField {...props} />
    case 'files': return <FilesField {...props} />
    case 'checklist': return <ChecklistField {...props} />
    case 'signature': return <SignatureField {...props} />
    case 'lines': return <LinesField {...props} />
  }
}

/** The name of a field, and whether it may stay empty. */
export function FieldLabel({ field }: { field: FieldView }) {
  const say = useSay()
  const { why } = field as AskedField
  return (
    <>{field.label}{field.required !== true && (
      <span className={css.optional}>{why ? say('form.required_if', { why }) : say('form.optional')}</span>)}</>
  )
}

/** A label and a message round inputs that have none of their own. */
export function Group({ field, error, children }: { field: FieldView; error?: string; children: ReactNode }) {
  // What is long is read before it is begun; beside another field the inputs begin at one height.
  const above = field.hint !== undefined && isWide(field)
  return (
    <fieldset className={css.group} aria-describedby={error ? `${field.name}-error` : undefined}>
      <legend><FieldLabel field={field} /></legend>
      {above && <p className={css.hint}>{field.hint}</p>}
      {children}
      {error && <p className={css.error} id={`${field.name}-error`}>{error}</p>}
      {field.hint && !above && <p className={css.below}>{field.hint}</p>}
    </fieldset>
  )
}
