import { fieldsOf } from '../engine/define.ts'
import { type WordKey, zh } from '../words/zh.ts'
import { labelOf } from './answer.ts'
import { linkedProcess } from './auth/links.ts'
import { type Case, loadCase } from './case.ts'
import { type Ctx, system } from './context.ts'
import { type Reader, sql } from './db.ts'
import { orderOf, partiesOf } from './print/around.ts'
import { quotedLines, quotedSums } from './print/papers.ts'
import { shopOf } from './print/shop.ts'
import { offerViews, stateView } from './record-view.ts'
import { seenFields } from './seen.ts'
import type { LinkedRecordView, QuotedView } from './views.ts'

/** The one record of a link as its customer sees it: only what is marked for customers, in their words. */
export async function readLinked(ctx: Ctx, id: string): Promise<LinkedRecordView | null> {
  const one = await ctx.app.db.read(ctx.company.id, (reader) => loadCase(ctx, reader, linkedProcess(ctx), id, false))
  if (!one) return null
  const { process, head, values } = one
  const sees = seenFields(process, ctx.actor)
  // A price that is being made is nobody's but ours: the customer sees it when it has been sent.
  const told = process.name !== 'quotation' || head.kind !== 'active'
  const fields = Object.entries(fieldsOf(process)).filter(([name]) => sees(name))
  return {
    company: ctx.company.name, shop: shopOf(ctx, one), process: process.name,
    label: labelOf(ctx.words, process, process.name), number: head.number, seq: head.seq,
    state: stateView(ctx, process, head.state), state_words: stateWords(ctx, one), contact: ctx.actor.name,
    opened_at: head.opened_at, changed_at: head.changed_at, ...await around(ctx, one), ...await said(ctx, id, sees),
    quotation: told && process.name === 'quotation' ? quoted(one, sees) : null, offers: offerViews(ctx, one),
    fields: fields.map(([name, { kind }]) =>
      ({ name, label: labelOf(ctx.words, process, `field.${name}`), kind, value: told ? values[name] ?? null : null })),
  }
}

/** The state in a few words of the customer's; the label of the state where there are none of their own. */
export function stateWords(ctx: Ctx, { process, head }: Case): string {
  const key = `link.${process.name}.${head.state}`
  return Object.hasOwn(zh, key) ? ctx.words.say(key as WordKey) : stateView(ctx, process, head.state).label
}

/** The order that a quotation belongs to, and its machine. The link opens neither: the house looks them up. */
async function around(ctx: Ctx, one: Case): Promise<Pick<LinkedRecordView, 'order' | 'machine'>> {
  const house: Ctx = { ...ctx, actor: system() }
  const order = await orderOf(house, one)
  const { machine } = await partiesOf(house, order ?? one)
  return { machine: { name: machine.name, serial: machine.serial },
    order: order && { number: order.head.number, state_words: stateWords(ctx, order) } }
}

function quoted(one: Case, sees: (name: string) => boolean): QuotedView {
  const text = (name: string) => {
    const value = sees(name) ? one.values[name] : null
    return typeof value === 'string' ? value : null
  }
  const { whole_fen, discount_fen, tax_fen, total_fen } = quotedSums(one)
  return { lines: sees('lines') ? quotedLines(one) : [], whole_fen, discount_fen, tax_fen, total_fen,
    accepted_fen: one.values.accepted_fen === null ? null : Number(one.values.accepted_fen), cause: text('cause'),
    period: text('period'), valid_until: text('valid_until'), estimate: text('final') === 'estimate' }
}

const talkMost = 50

/** What was asked and answered, and the newest paper, of a record that the reader sees. */
async function said(ctx: Ctx, id: string, sees: (name: string) => boolean):
  Promise<Pick<LinkedRecordView, 'talk' | 'paper'>> {
  const [talk, [paper]] = await ctx.app.db.read(ctx.company.id, (reader) =>
    Promise.all([talkOf(reader, id), paperOf(reader, id)]))
  return { paper: paper ?? null,
    talk: talk.flatMap(({ at, action, question, reply }): LinkedRecordView['talk'][number][] => {
      const asked = action === 'ask'
      const text = asked ? question : reply
      return text !== null && sees(asked ? 'question' : 'reply') ? [{ at, by: asked ? 'customer' : 'shop', text }] : []
    }) }
}

const talkOf = (reader: Reader, id: string) => reader.query<{ at: string; action: string; question: string | null
  reply: string | null }>(sql`
  select at, action, input->>'question' as question, input->>'reply' as reply from event
  where record_id = ${id} and action in ('ask', 'answer_question') order by seq limit ${talkMost}`.named('link_talk'))

const paperOf = (reader: Reader, id: string) => reader.query<{ id: string; name: string }>(sql`
  select id, name from file where record_id = ${id} and for_customer and erased_at is null
  order by created_at desc limit 1`.named('link_paper'))
