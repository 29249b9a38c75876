import { fieldsOf, own } from '../../engine/define.ts'
import type { Case } from '../case.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import type { Cause } from '../outbox.ts'
import { aroundOf, partsUsed, signatureOf } from './around.ts'
import { contractPapers } from './contract-papers.ts'
import { capitals, yuan } from './money.ts'
import { oldPartTag, partLabel, partOrder, partReceipt } from './store-papers.ts'

/** What a template prints beside the page that every template gets. */
type Build = (ctx: Ctx, one: Case, cause: Pick<Cause, 'to_state' | 'input' | 'who'>) => Promise<object>

/** `for_customer`: it may be opened through the private link of its record. */
export type Paper = { build: Build; for_customer?: true }

const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n').map((line) => line.trim())
  .filter((line) => line !== '')

/** The three copies of the 维修服务记录单. Source: form G1, section 2.1 of the regulation. */
const copies = [
  { key: 'stub', name: '第一联　存根联', paper: '白', keeper: '本店留存' },
  { key: 'machine', name: '第二联　随机联', paper: '粉', keeper: '贴于机器' },
  { key: 'customer', name: '第三联　客户联', paper: '黄', keeper: '凭此单取机' },
]

const serviceRecord: Build = async (ctx, one) => {
  const [around, parts, sent_in, picked_up] = await Promise.all([aroundOf(ctx, one), partsUsed(ctx, one.head.root),
    signatureOf(ctx, one.head.id, ['receive']), signatureOf(ctx, one.head.id, ['hand_over', 'fix_on_spot'])])
  const fen = one.values.paid_fen ?? one.values.agreed_fen
  return { ...around, copies, parts, signatures: { sent_in, picked_up },
    charge: typeof fen === 'number' ? `¥${yuan(fen)}` : '', terms: linesOf(one.settings.texts['record.terms']) }
}

/** A line of more pieces than this gets one label that says how many. */
const labelsOfLineMost = 10
const labelsMost = 60

const attachmentLabels: Build = async (ctx, one) => {
  const around = await aroundOf(ctx, one)
  const date = String(one.values.sent_in_on ?? '') || dateIn(ctx.company.time_zone, Date.parse(one.head.opened_at))
  const labels = around.order.attachments.flatMap(({ name, pieces, mark }, index) => {
    const each = pieces <= labelsOfLineMost
    return Array.from({ length: each ? pieces : 1 }, (_none, nth) => ({ name, mark, line: index + 1,
      count: pieces === 1 ? '' : each ? `第 ${nth + 1} 件，共 ${pieces} 件` : `共 ${pieces} 件` }))
  }).slice(0, labelsMost)
  return { ...around, date, labels }
}

const waitWords: Readonly<Record<string, string>> = { waiting_part: '等待备件', waiting_consent: '待同意' }

const machineNote: Build = async (ctx, one, cause) => {
  const around = await aroundOf(ctx, one)
  const reason = own(waitWords, cause.to_state) ?? own(waitWords, one.head.state) ?? '等待备件'
  const why = reason === '等待备件' ? around.order.fields.parts_needed ?? '' : around.order.fields.fault_found ?? ''
  return { ...around, reason, why, date: dateIn(ctx.company.time_zone, ctx.now) }
}

const repairLabel: Build = async (ctx, one) => ({ ...await aroundOf(ctx, one),
  date: dateIn(ctx.company.time_zone, Date.parse(String(one.values.finished_at ?? new Date(ctx.now).toISOString()))) })

/** What the engineer wrote for this machine, then the house's own advice for its kind. Source: A6. */
const careNote: Build = async (ctx, one) => {
  const around = await aroundOf(ctx, one)
  const { texts } = one.settings
  return { ...around, prevention: linesOf(around.order.prevention),
    care: linesOf(texts[`care.${around.machine.product}`] ?? texts['care.other']),
    general: linesOf(texts['care.general']) }
}

const loanSlip: Build = async (ctx, one) => ({ ...await aroundOf(ctx, one), lent: dateIn(ctx.company.time_zone,
  Date.parse(one.head.opened_at)), terms: linesOf(one.settings.texts['loan.terms']) })


/** What was paid at the counter. Source: form G20. */
const receipt: Build = async (ctx, one) => {
  const [around, parts] = await Promise.all([aroundOf(ctx, one), partsUsed(ctx, one.head.root)])
  const fen = Number(one.values.paid_fen ?? 0)
  const at = String(one.values.handed_over_at ?? new Date(ctx.now).toISOString())
  return { ...around, parts, way: around.order.fields.payment_way ?? '', amount: yuan(fen), capitals: capitals(fen),
    paid_on: dateIn(ctx.company.time_zone, Date.parse(at)) }
}

const identityNote: Build = async (ctx, one) => {
  const around = await aroundOf(ctx, one)
  return { ...around, attached: around.order.attachments.map(({ name, pieces }) => `${name} ×${pieces}`).join('、') || '无' }
}

type Line = { what: string; name: string; pieces: number; unit_fen: number; note?: string }

/** Lines of a quotation as text; amounts with two places. */
export function quotedLines({ process, values }: Case) {
  const field = fieldsOf(process).lines
  const kinds = field?.kind === 'lines' && field.columns.what?.kind === 'choice' ? field.columns.what.options : {}
  return (values.lines as Line[] | null ?? []).map(({ what, name, pieces, unit_fen, note = '' }, index) => ({
    line: index + 1, what: kinds[what] ?? what, name, pieces, unit_fen, amount_fen: pieces * unit_fen, note }))
}

/** Whole, discount, tax that is added and total of a quotation in fen. */
export function quotedSums(one: Case): { whole_fen: number; discount_fen: number; tax_fen: number; total_fen: number } {
  const whole_fen = quotedLines(one).reduce((sum, line) => sum + line.amount_fen, 0)
  const discount_fen = Number(one.values.discount_fen ?? 0)
  const tax_fen = Number(one.values.tax_fen ?? 0)
  return { whole_fen, discount_fen, tax_fen, total_fen: whole_fen - discount_fen + tax_fen }
}

const taxWords: Readonly<Record<string, string>> = { included: '（含税）', none: '（不含税）' }

type Answer = { kind: 'whole' | 'part' | 'refused' | ''; lines: string; why: string; by: string }

/** What the customer said and who said it, for the foot of the form; nothing while they think. */
async function answerOf(ctx: Ctx, { head, values }: Case): Promise<Answer> {
  const lines = (values.accepted_lines as { line: number }[] | null ?? []).map(({ line }) => line).join('、')
  const kind = head.state === 'refused' ? 'refused' : head.state !== 'accepted' ? '' : lines === '' ? 'whole' : 'part'
  const [said] = kind === '' ? [] : await ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<{ by: string | null; why: string | null }>(sql`
      select input->>'answered_by' as by, input->>'refusal' as why from event
      where record_id = ${head.id} and action = any(${['accept', 'accept_part', 'refuse', 'send']}::text[])
      order by seq desc limit 1`.named('answer_to_print')))
  return { kind, lines: kind === 'part' ? lines : '', why: kind === 'refused' ? said?.why ?? '' : '', by: said?.by ?? '' }
}

const quotation: Build = async (ctx, one) => {
  const [around, signature, answer] = await Promise.all([aroundOf(ctx, one), signatureOf(ctx, one.head.id, ['accept']),
    answerOf(ctx, one)])
  const { whole_fen, discount_fen, tax_fen, total_fen } = quotedSums(one)
  const at = String(one.values.sent_at ?? new Date(ctx.now).toISOString())
  return { ...around, signature, date: dateIn(ctx.company.time_zone, Date.parse(at)),
    lines: quotedLines(one).map(({ unit_fen, amount_fen, ...line }) =>
      ({ ...line, unit: yuan(unit_fen), amount: yuan(amount_fen) })),
    sums: { whole: yuan(whole_fen), discount: discount_fen > 0 ? yuan(discount_fen) : '',
      tax: tax_fen > 0 ? yuan(tax_fen) : '', total: yuan(total_fen),
      capitals: capitals(total_fen) },
    answer, estimate: one.values.final === 'estimate', seal_wanted: one.values.seal_wanted === 'yes',
    tax_words: own(taxWords, String(one.values.tax)) ?? '',
    terms: linesOf(one.settings.texts['quotation.terms']) }
}

const callBackForm: Build = async (ctx, one) => ({ ...await aroundOf(ctx, one),
  chosen: { runs_normally: one.values.runs_normally ?? '', weak_points: one.values.weak_points ?? [],
    three_minutes: one.values.three_minutes ?? '', satisfaction: one.values.satisfaction ?? '' },
  attempts: String(one.values.attempts ?? 0) })

/** Templates that print more than the record itself. */
export const papers: Readonly<Record<string, Paper>> = {
  ...contractPapers,
  'service-record': { build: serviceRecord },
  'attachment-labels': { build: attachmentLabels },
  'machine-note': { build: machineNote },
  'repair-label': { build: repairLabel },
  'care-note': { build: careNote, for_customer: true },
  'loan-slip': { build: loanSlip, for_customer: true },
  receipt: { build: receipt, for_customer: true },
  'identity-note': { build: identityNote },
  'incident-report': { build: aroundOf },
  quotation: { build: quotation, for_customer: true },
  'call-back-form': { build: callBackForm },
  'part-label': { build: partLabel },
  'old-part-tag': { build: oldPartTag },
  'part-order': { build: (ctx, one, { who }) => partOrder(ctx, one, who ?? '') },
  'part-receipt': { build: (ctx, one, { who }) => partReceipt(ctx, one, who ?? '') },
}
