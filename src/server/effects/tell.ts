import { fieldsOf, own } from '../../engine/define.ts'
import { isUuid } from '../../engine/fields.ts'
import { loadCase } from '../case.ts'
import { type Fragment, sql } from '../db.ts'
import type { Answer, Job } from '../outbox.ts'
import { run } from '../run.ts'

type Whom = 'parent' | 'root' | 'children' | 'machine' | 'self'
type Target = { id: string; process: string }

const childrenMost = 1_000

/** One statement each, so that each is served by its index. */
const kin: Readonly<Record<Whom, (id: string) => Fragment>> = {
  self: (id) => sql`select id, process from record where id = ${id}`,
  parent: (id) => sql`select id, process from record where id = (select parent from record where id = ${id})`,
  root: (id) => sql`
    select id, process from record where id = (select root from record where id = ${id}) and id <> ${id}`,
  machine: (id) => sql`select id, process from record where id = (select machine from record where id = ${id})`,
  children: (id) => sql`
    select id, process from record where parent = ${id} and kind <> 'void' order by opened_at, id
    limit ${childrenMost}`,
}

/**
 * Tells another record (or the same one) that something happened: a system action under a derived key, so that it
 * happens once however often it is tried. What the other record refuses is noted, not repeated.
 */
export async function tell(job: Job): Promise<Answer> {
  const { ctx, row, key } = job
  const { tell: whom, action } = row.effect as { tell: Whom | 'named'; action: string }
  const targets = whom === 'named' ? await named(job) : await ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<Target>(kin[whom](row.record_id).named(`tell_${whom}`)))
  const notes: string[] = []
  for (const { id, process } of targets) {
    const own = whom === 'children' ? `${key}:${id}` : key
    const outcome = await run(ctx, { process, action, id, input: {}, key: own })
    if (!outcome.ok) notes.push(`${process}.${action}: ${outcome.refusal.guard ?? outcome.refusal.code}`)
  }
  return { state: 'done', result: targets.map(({ id }) => id).slice(0, 20).join(' '),
    ...(notes.length > 0 && { note: notes.slice(0, 20).join('; ') }) }
}

/** The record that a field of this one names, as it is kept now; none when nothing is named. */
async function named({ ctx, row, cause }: Job): Promise<Target[]> {
  const one = await ctx.app.db.read(ctx.company.id, (reader) =>
    loadCase(ctx, reader, cause.process, row.record_id, false))
  const name = String(row.effect.field)
  const field = one && own(fieldsOf(one.process), name)
  const id = one?.values[name]
  return field?.kind === 'record' && isUuid(id) ? [{ id, process: field.process }] : []
}
