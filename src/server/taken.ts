import { fail } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'
import type { Ctx } from './context.ts'
import { Fragment, type Reader, join, sql } from './db.ts'
import { sightCondition, sightOf } from './policy.ts'
import type { Unique } from './records/noun.ts'
import type { Wish } from './run.ts'

/** «Taken», and by which record, where this person may see it. */
export async function takenBy(ctx: Ctx, reader: Reader, field: string, { process, id }: { process: string; id: string }):
  Promise<FieldProblem> {
  const [row] = await reader.query<{ number: string; title: string }>(sql`
    select r.number, r.title from record r where r.id = ${id}::uuid and ${sightCondition(sightOf(process, ctx.actor))}`)
  return row ? { ...fail(field, 'taken', row), record: { process, id, ...row } } : fail(field, 'taken')
}

/** The same after a unique index refused: whose the key is, is looked up by what was typed. */
export async function takenAfter(ctx: Ctx, wish: Wish, { field, by }: Unique): Promise<FieldProblem> {
  const noun = ctx.app.house.nouns[wish.process]!
  const typed = Object.fromEntries(Object.entries(wish.input as object).map(([name, value]) =>
    [name, wish.action === 'edit' && Array.isArray(value) ? value[1] as unknown : value as unknown]))
  const own = Object.fromEntries(Object.entries(typed).filter(([name]) => noun.columns.includes(name)))
  const keys = JSON.stringify({ ...own, ...noun.follows?.(typed, ctx) })
  const table = new Fragment(noun.table, [])
  const same = by.map((column) => new Fragment(`t.${column} = p.${column}`, []))
  return ctx.app.db.read(ctx.company.id, async (reader) => {
    const [other] = await reader.query<{ id: string }>(sql`
      select t.id from jsonb_populate_record((select n from ${table} n where n.id = ${wish.id}::uuid), ${keys}::jsonb) p
      join ${table} t on ${join(same, ' and ')} where t.id is distinct from ${wish.id}::uuid limit 1`)
    return other ? takenBy(ctx, reader, field, { process: wish.process, id: other.id }) : fail(field, 'taken')
  })
}
