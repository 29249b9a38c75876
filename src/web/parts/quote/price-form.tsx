import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { FieldView, QuotingView } from '../../../server/views.ts'
import { useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { FieldInput } from '../form/field.tsx'
import { onFormKey } from '../form/form-keys.ts'
import { type FormDoor, useActionForm } from '../form/use-action-form.ts'
import type { OwnForm } from '../record/actions.tsx'
import { yuan } from '../value.tsx'
import { useBrought } from './brought.ts'
import { LineTable } from './line-table.tsx'
import { type QuoteLine, firstLines, lastPaid, linesIn, sumOfLines } from './quote-data.ts'
import css from './quote.module.css'

type PriceFormProps = OwnForm & { desk: QuotingView; onReview: () => void }

/** Fields that stand in the sums or among the lines, and not below them. */
const placed = ['lines', 'discount_fen', 'tax']

const mustBeSaid = 'tbody input[data-at$=".name"], tbody input[data-at$=".unit_fen"], [data-must] input, [data-must] textarea'

/** 定价: the lines, edited with the keyboard; sums, discount and tax; what else the paper says. */
export function PriceForm({ desk, onReview, ...form }: PriceFormProps) {
  const say = useSay()
  const box = useRef<HTMLFormElement>(null)
  const { values } = form.record
  const kept = Object.fromEntries(['discount_fen', 'cause', 'period', 'valid_until', 'final', 'seal_wanted', 'tax', 'note']
    .flatMap((name) => (values[name] === null || values[name] === undefined ? [] : [[name, values[name]]])))
  const desked = useActionForm({ ...form, focus: false, action: 'price', start: { final: 'final', tax: 'none',
    cause: desk.order?.fault_found ?? undefined, ...kept, lines: firstLines(values.lines, desk) } }, box)
  const lines = linesIn(desked.draft.values.lines)
  const setLines = (next: QuoteLine[]) => desked.set('lines', next)
  useBrought((line) => setLines([...lines.filter(({ name }) => (name ?? '').trim() !== ''), line]))
  const [opened] = useState(form.focus)
  useEffect(() => {
    // The first thing that is missing: a name, a price, else what the paper must say; not the row that may be added.
    const missing = ({ value, dataset }: HTMLInputElement) => value === ''
      && Number.parseInt(dataset['at'] ?? '0', 10) < lines.length
    const place = [...box.current?.querySelectorAll<HTMLInputElement>(mustBeSaid) ?? []].find(missing)
    if (opened) place?.focus()
    // Only when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [opened])
  useKeys({ 'mod+Enter': () => desked.submit() })
  const below = desked.fields.filter(({ name }) => !placed.includes(name)).filter((field) => isWanted(field, desked, desk))
  return (
    <form ref={box} className={css.priceForm} noValidate autoComplete="off"
      onSubmit={(event) => { event.preventDefault(); desked.submit() }}
      onKeyDown={onFormKey}>
      {desked.problem && <p className={css.problem} role="alert">{desked.problem.message}</p>}
      {desked.restored && <p className={css.restored}>{say('quote.restored')}
        <button type="button" onClick={desked.clear}>{say('form.clear')}</button></p>}
      <LineTable lines={lines} onLines={setLines} earlier={desk.earlier} error={desked.errorAt}
        onOut={() => box.current?.querySelector<HTMLElement>('[data-field="discount_fen"] input')?.focus()} />
      <Sums desked={desked} lines={lines} desk={desk} onReview={onReview} />
      <div className={css.fields}>{below.map((field) => <Place key={field.name} field={field} desked={desked} />)}</div>
      <div className={css.send}>
        <Button type="submit" loading={desked.sending}>{say('quote.save')}</Button>
        {form.onCancel && <Button variant="default" onClick={form.onCancel}>{say('form.cancel')}</Button>}
        <span className={css.key} aria-hidden="true"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
      </div>
    </form>
  )
}

/** Reasons are asked for where the sums beside them differ; the server has the last word. */
function isWanted({ name }: FieldView, { draft, errorAt }: FormDoor, desk: QuotingView): boolean {
  if (name !== 'deviation' && name !== 'price_agreed_with') return true
  if (draft.values[name] !== undefined || errorAt(name) !== undefined) return true
  const lines = linesIn(draft.values.lines)
  if (name === 'price_agreed_with') {
    const sum = sumOfLines(lines) - Number(draft.values.discount_fen ?? 0)
    return desk.new_customer && desk.engineer_fen !== null && sum !== desk.engineer_fen
  }
  return lines.some((line) => {
    const last = lastPaid(line.name, desk.earlier)
    return last?.by === 'customer' && line.unit_fen !== undefined && last.unit_fen !== line.unit_fen
  })
}

function Place({ field, desked }: { field: FieldView; desked: FormDoor }) {
  const wide = field.kind === 'long_text' || field.name === 'deviation'
  return (
    <div data-field={field.name} data-kind={field.kind} data-must={field.required === true || undefined}
      className={wide ? css.wide : undefined}>
      <FieldInput field={field} value={desked.draft.values[field.name]} names={desked.names} files={desked.files}
        error={(path) => desked.errorAt(path ? `${field.name}.${path}` : field.name)}
        onChange={(value) => desked.set(field.name, value)} onName={desked.rememberName}
        onFile={desked.rememberFile} onBusy={desked.setBusy} />
    </div>
  )
}

type SumsProps = { desked: FormDoor; lines: readonly QuoteLine[]; desk: QuotingView; onReview: () => void }

/** What it comes to, how far one may go, and how far it is from the engineer's price. */
function Sums({ desked, lines, desk, onReview }: SumsProps) {
  const say = useSay()
  const whole = sumOfLines(lines)
  const discount = Number(desked.draft.values.discount_fen ?? 0)
  const most = desk.discount_thousandths === null ? null : Math.floor((whole * desk.discount_thousandths) / 1000)
  const beyond = most !== null && discount > most
  const share = desked.draft.values.tax === 'added' ? desk.tax_thousandths ?? 0 : 0
  const tax = Math.round(((whole - discount) * share) / 1000)
  const off = desk.engineer_fen === null ? 0 : whole - discount - desk.engineer_fen
  const field = (name: string) => desked.fields.find((one) => one.name === name)
  const [discountField, taxField] = [field('discount_fen'), field('tax')]
  return (
    <div className={css.sums}>
      <div className={css.sumsLeft}>
        {discountField && <Place field={discountField} desked={desked} />}
        {most !== null && <p className={css.limit} data-beyond={beyond || undefined}>
          {say(beyond ? 'quote.discount_beyond' : 'quote.discount_most', { sum: yuan(most),
            share: String(desk.discount_thousandths! / 10) })}
          {beyond && <button type="button" onClick={onReview}>{say('quote.ask_supervisor')}</button>}</p>}
        {taxField && <Place field={taxField} desked={desked} />}
      </div>
      <dl className={css.sumsRight}>
        <div><dt>{say('quote.whole')}</dt><dd>{yuan(whole)}</dd></div>
        {discount > 0 && <div><dt>{say('quote.discount')}</dt><dd>−{yuan(discount)}</dd></div>}
        {tax > 0 && <div><dt>{say('quote.tax', { share: String(share / 10) })}</dt><dd>{yuan(tax)}</dd></div>}
        <div className={css.total}><dt>{say('quote.total')}</dt><dd>¥ {yuan(whole - discount + tax)}</dd></div>
        {desk.engineer_fen !== null && <div className={css.engineer}><dt>{say('quote.engineer')}</dt>
          <dd>{yuan(desk.engineer_fen)}{off !== 0 && ` (${off > 0 ? '+' : '−'}${yuan(Math.abs(off))})`}</dd></div>}
      </dl>
    </div>
  )
}
