import type { Refusal } from '../../engine/refusal.ts'
import { unexplained } from '../checklist-answers.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 审单 */
export const orderReview: Noun = {
  table: 'order_review',
  columns: ['defects', 'remark', 'opening_minutes', 'cycle_minutes', 'gaps'],
  number: { prefix: 'SH', period: 'month', digits: 4 },
  derive: () => ({}),
  writes: {
    submit: compute, resubmit: compute, give_back: giveBack,
    async pass(_ctx, _tx, act) {
      const fields = unexplained(act.input, ['checks'])
      return fields.length > 0 ? { code: 'bad_input', fields } : null
    },
  },
}

type Order = Readonly<Record<string, unknown>> & { opened_at: string; aas_opened_at: string | null
  finished_at: string | null; handed_over_at: string | null; received_at: string | null }

/** What the paper should say, and in which words it is missed. Source: form G16. */
const wanted: readonly (readonly [string, string])[] = [['appearance', '外观没有写'], ['attachments_kept', '附件没有写'],
  ['configuration', '配置没有写'], ['inspector', '没有验机人'], ['fault_found', '检测结果没有写'],
  ['work_done', '处理方法没有写'], ['repairer', '没有维修工程师'], ['satisfied', '没有问用户意见']]
const onSpot = new Set(['inspector', 'work_done', 'satisfied'])

const minutesBetween = (from: string, to: string | null): number | null =>
  (to === null ? null : Math.max(Math.round((Date.parse(to) - Date.parse(from)) / 60_000), 0))

/** Counts for the supervisor what can be counted: time to opening, time to repaired, what the order does not say. */
async function compute(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [order] = await tx.query<Order>(sql`
    select r.opened_at, o.aas_opened_at, o.finished_at, o.handed_over_at, o.received_at, o.appearance,
      o.attachments_kept, o.configuration, o.inspector, o.fault_found, o.work_done, o.repairer, o.satisfied,
      o.tested_at, o.not_tested_reason
    from record r join repair_order o on o.company_id = r.company_id and o.id = r.id
    where r.id = ${act.parent}`.named('order_to_review'))
  act.setHead('handler', null)
  act.setHead('team', 'supervisor')
  if (!order) return null
  act.set('opening_minutes', minutesBetween(order.opened_at, order.aas_opened_at))
  act.set('cycle_minutes', minutesBetween(order.opened_at, order.finished_at ?? order.handed_over_at))
  const taken = order.received_at !== null
  const gaps = wanted.filter(([field]) => (taken || onSpot.has(field)) && (order[field] ?? '') === '')
    .map(([, said]) => said)
  if (taken && order.tested_at === null) gaps.push(`取机时没有验机${order.not_tested_reason ? `：${String(order.not_tested_reason)}` : ''}`)
  act.set('gaps', gaps.length > 0 ? gaps.join('；') : '没有缺项')
  return null
}

/** Whoever repaired the machine puts the order right. */
async function giveBack(_ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const [order] = await tx.query<{ handler: string | null }>(sql`
    select handler from record where id = ${act.parent}`.named('reviewed_order'))
  act.setHead('handler', order?.handler ?? null)
  act.setHead('team', 'coordinator')
  return null
}
