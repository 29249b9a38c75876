import { Checkbox, NumberInput, PasswordInput, Select, TextInput, Textarea } from '@mantine/core'
import { useSay } from '../../site.tsx'
import { FieldLabel, Group, type InputProps } from './field.tsx'
import css from './field.module.css'

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** One line, several lines, a telephone number, an address, a password. */
export function TextField(props: InputProps) {
  const { field, value, onChange, error, names } = props
  const places = Object.entries(names).filter(([key]) => key.startsWith(`place.${field.name}.`))
  const shared = { label: <FieldLabel field={field} />, description: field.hint, error: error(),
    value: asText(value), required: false, 'aria-required': field.required === true || undefined,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value) }
  if (field.kind === 'long_text') {
    return <Textarea {...shared} autosize minRows={field.required === true ? 2 : 1} maxRows={12} maxLength={field.max ?? 4000} />
  }
  if (field.kind === 'secret') return <PasswordInput {...shared} autoComplete="new-password" />
  const type = field.kind === 'phone' ? 'tel' : field.kind === 'email' ? 'email' : 'text'
  const input = <TextInput {...shared} type={type} autoComplete="off" inputMode={type === 'text' ? undefined : type} />
  if (places.length === 0) return input
  return (
    <>{input}
      <div className={css.quick}>{places.map(([key, label]) => (
        <button type="button" key={key} onClick={() => onChange(label)}>{label}</button>))}</div></>
  )
}

/** Units as people say them; the value stays a whole number of the smallest unit. */
const scales = { integer: 1, minutes: 1, fen: 100, quantity: 1000 } as const
const decimals = { integer: 0, minutes: 0, fen: 2, quantity: 3 } as const

/** Whole numbers, minutes, money in 元, quantities. */
export function NumberField({ field, value, onChange, error, compact }: InputProps) {
  const say = useSay()
  if (!(field.kind in scales)) return null
  const kind = field.kind as keyof typeof scales
  const scale = scales[kind]
  const unit = kind === 'fen' ? say('unit.yuan') : kind === 'minutes' ? say('unit.minutes') : undefined
  return (
    <>
      <NumberInput label={<FieldLabel field={field} />} description={field.hint} error={error()} hideControls
        value={typeof value === 'number' ? value / scale : ''} decimalScale={decimals[kind]} fixedDecimalScale={false}
        thousandSeparator={kind === 'fen' ? ',' : undefined} allowNegative={false} inputMode="decimal"
        rightSection={unit ? <span>{unit}</span> : undefined} rightSectionWidth={unit ? 48 : undefined}
        onChange={(next) => onChange(next === '' ? undefined : Math.round(Number(next) * scale))} />
      {kind === 'minutes' && !compact && (
        <div className={css.quick}>
          {[15, 30, 60, 120].map((minutes) => (
            <button type="button" key={minutes} onClick={() => onChange(minutes)}>
              {minutes < 60 ? say('time.minutes', { n: minutes }) : say('time.hours', { n: minutes / 60 })}
            </button>))}
        </div>)}
    </>
  )
}

/** Up to this many options lie open; more go into a list that can be searched. */
const openMost = 7

/** One of a few, or several: open buttons where they fit. */
export function ChoiceField(props: InputProps) {
  const { field, value, onChange, error, compact } = props
  const say = useSay()
  if (field.kind !== 'choice' && field.kind !== 'choices') return null
  // What the company does not use can still be read where it stands.
  const options = Object.entries(field.options).filter(([key]) => key === value || !field.closed?.includes(key))
  if (field.kind === 'choice' && (compact || options.length > openMost)) {
    return <Select label={<FieldLabel field={field} />} description={field.hint} error={error()} searchable
      nothingFoundMessage={say('search.nothing')} data={options.map(([key, label]) => ({ value: key, label }))}
      value={asText(value) || null} onChange={(next) => onChange(next ?? undefined)} clearable={!field.required} />
  }
  const chosen = Array.isArray(value) ? value as string[] : []
  const many = field.kind === 'choices'
  const take = (key: string) => onChange(!many ? key
    : chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key])
  return (
    <Group field={field} error={error()}>
      <div className={css.pills} role={many ? undefined : 'radiogroup'} data-many={many || undefined}
        aria-label={field.label}>
        {options.map(([key, label], index) => (
          <label className={css.pill} key={key}>
            <input type={many ? 'checkbox' : 'radio'} name={field.name} checked={many ? chosen.includes(key)
              : value === key}
              onChange={() => take(key)}
              data-first={index === 0 || undefined}
              onClick={() => { if (!many && value === key && !field.required) onChange(undefined) }} />
            {!many && <kbd aria-hidden="true">{index + 1}</kbd>}<span>{label}</span>
          </label>))}
      </div>
    </Group>
  )
}

/** A question that must be answered, if only by «no»: an empty box would not say whether it was read. */
function YesOrNo({ field, value, onChange, error, compact }: InputProps) {
  const say = useSay()
  return (
    <Group field={field} error={error()}>
      <div className={css.pills} role="radiogroup" aria-label={field.label}>
        {([[true, 'checklist.yes'], [false, 'checklist.no']] as const).map(([answer, word], index) => (
          <label className={css.pill} key={word} data-small={compact || undefined}>
            <input type="radio" name={field.name} checked={value === answer} data-first={index === 0 || undefined}
              onChange={() => onChange(answer)} />
            <kbd aria-hidden="true">{index + 1}</kbd><span>{say(word)}</span>
          </label>))}
      </div>
    </Group>
  )
}

/** Yes or no; not touched means not said. */
export function FlagField(props: InputProps) {
  const { field, value, onChange, error, compact } = props
  if (field.kind === 'flag' && field.required === true) return <YesOrNo {...props} />
  // In a table the head of the column says it.
  const named = compact ? { 'aria-label': field.label, mt: 7 } : { label: <FieldLabel field={field} />, description: field.hint }
  return <Checkbox {...named} error={error()}
    checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
}
