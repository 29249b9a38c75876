import type { Refusal } from '../../engine/refusal.ts'
import { type AnyProcess, fieldsOf } from '../../engine/define.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { limitOf } from '../stock.ts'
import type { Act, Noun } from './noun.ts'

/** 同型号故障排查 */
export const fault_watch: Noun = {
  table: 'fault_watch',
  columns: ['found', 'cause', 'measure'],
  json: ['found'],
  number: { prefix: 'PC', period: 'month', digits: 4 },
  derive: () => ({}),
  blank: { batches: 0 },
  facts: readFacts,
  search: ['cause', 'measure'],
  writes: {
    scan, look,
    async take(ctx, _tx, act) {
      act.setHead('handler', ctx.actor.id)
      return null
    },
  },
}

const dayMs = 86_400_000
/** The newest orders that are held against each other at most. */
const ordersMost = 5_000
const numbersMost = 8

type Batch = { model: string; fault_class: string; machines: number; numbers: string[] }

/**
 * Models of which many machines came with the same fault in the last days, where one more has come since the look
 * before: the same batch is not told every morning.
 */
async function batchesOf(ctx: Ctx, reader: Reader, id: string): Promise<Batch[]> {
  const [count, days] = await Promise.all([limitOf(ctx, reader, 'repair.batch_count'),
    limitOf(ctx, reader, 'repair.batch_days')])
  if (count === null || days === null) return []
  return reader.query<Batch>(sql`
    with recent as (
      select r.number, r.opened_at, m.model, o.fault_class
      from (select company_id, id, number, opened_at, machine from record where process = 'repair_order'
        and opened_at > ${new Date(ctx.now - days * dayMs)}::timestamptz order by opened_at desc limit ${ordersMost}) r
      join repair_order o on o.company_id = r.company_id and o.id = r.id
      join machine m on m.company_id = r.company_id and m.id = r.machine)
    select model, fault_class, count(*)::int as machines, array_agg(number order by opened_at desc) as numbers
    from recent where model <> '' and fault_class not in ('other', 'unknown') group by model, fault_class
    having count(*) >= ${count}::int and max(opened_at) > coalesce((select max(w.opened_at) from record w
      where w.process = 'fault_watch' and w.id <> ${id}), '-infinity')
    order by machines desc, model limit 50`.named('fault_batches'))
}

async function readFacts(ctx: Ctx, reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const looking = await reader.query<{ id: string }>(sql`
    select id from record where id = any(${ids}::uuid[]) and state = 'looking'`.named('fault_watch_looking'))
  const counted = await Promise.all(looking.map(async ({ id }) => [id, (await batchesOf(ctx, reader, id)).length] as const))
  return new Map(counted.map(([id, batches]) => [id, { batches }]))
}

async function scan(ctx: Ctx, _tx: unknown, act: Act): Promise<Refusal | null> {
  act.setHead('title', `同型号故障排查 ${dateIn(ctx.company.time_zone, ctx.now)}`)
  act.setHead('team', 'supervisor')
  return null
}

/** Keeps what was found; the title says the worst of it: «LaserJet 1020 · 卡纸 3 台». */
async function look(ctx: Ctx, tx: Reader, act: Act): Promise<Refusal | null> {
  const batches = await batchesOf(ctx, tx, act.id)
  const [worst] = batches
  if (!worst) return null
  const word = faultWords(ctx.app.house.processes.repair_order)
  act.set('found', batches.map(({ model, fault_class, machines, numbers }) => ({ model, fault: word(fault_class), machines,
    orders: numbers.slice(0, numbersMost).join('、') })))
  act.setHead('title', `${worst.model} · ${word(worst.fault_class)} ${worst.machines} 台`)
  return null
}

const faultWords = (process: AnyProcess | undefined) => (kind: string): string => {
  const field = process ? fieldsOf(process).fault_class : undefined
  return field?.kind === 'choice' ? field.options[kind] ?? kind : kind
}
