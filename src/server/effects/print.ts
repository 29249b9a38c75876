import { own } from '../../engine/define.ts'
import { idFrom } from '../by-itself.ts'
import { loadCase } from '../case.ts'
import { brokenConstraint, sql } from '../db.ts'
import type { Answer, Job } from '../outbox.ts'
import { pageOf } from '../print/page.ts'
import { papers } from '../print/papers.ts'
import { hasTemplate } from '../print/printer.ts'

/**
 * Prints a document of the record to a PDF and keeps it as a file of the record. Reprints say which one they are. A
 * document without a form of its own is printed by the general one.
 */
export async function print({ ctx, row, cause, key, ports }: Job): Promise<Answer> {
  const document = String(row.effect.print)
  if (!ports.printer || !ports.storePrint) throw new Error('this node cannot print')
  const [one, [before]] = await ctx.app.db.read(ctx.company.id, (reader) => Promise.all([
    loadCase(ctx, reader, cause.process, row.record_id, false),
    reader.query<{ prints: number }>(sql`
      select count(*)::int as prints from outbox where record_id = ${row.record_id} and kind = 'print'
        and effect->>'print' = ${document} and (seq, n) < (${row.seq}::int, ${row.n}::int)
        and state not in ('dead', 'discarded')`
      .named('prints_before'))]))
  if (!one) return { state: 'done', note: `${cause.process}: process_off` }
  const template = own(one.process.documents, document)?.template
  if (template === undefined) return { state: 'dead', note: `${cause.process} has no document ${document}` }
  const form = hasTemplate(template) ? template : 'general'
  const page = await pageOf(ctx, one, document, cause.who, before?.prints ?? 0, ports.publicUrl)
  const paper = own(papers, form)
  const bytes = await ports.printer.render(form, { ...page, ...await paper?.build(ctx, one, cause) })
  const id = idFrom(`${ctx.company.id}:${key}`, Date.parse(cause.recorded_at))
  const name = `${page.document}-${one.head.number}.pdf`
  try {
    return { state: 'done', result: await ports.storePrint(ctx, { id, name, type: 'application/pdf', bytes,
      record: row.record_id, seq: row.seq,
      ...(paper?.for_customer && { for_customer: true }) }) }
  } catch (error) {
    // An attempt before this one kept it and died.
    if (brokenConstraint(error) === 'file_pkey') return { state: 'done', result: id }
    throw error
  }
}
