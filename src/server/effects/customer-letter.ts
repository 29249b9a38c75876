import { makeLink, linkActions, linkDays } from '../auth/links.ts'
import type { Case } from '../case.ts'
import { sql } from '../db.ts'
import type { Job } from '../outbox.ts'
import { aroundOf } from '../print/around.ts'
import { capitals, yuan } from '../print/money.ts'
import { quotedLines, quotedSums } from '../print/papers.ts'
import type { Shop } from '../print/shop.ts'
import { type Words, wordsOf } from '../../words/index.ts'

export type CustomerLetter = { subject: string; text: string }

/**
 * What a customer reads: the quotation with its private link, the answer to a question; of anything else its subject.
 *
 * @param subject the notice in one line, for letters without words of their own
 */
export async function customerLetter(job: Job, one: Case, template: string, subject: string): Promise<CustomerLetter> {
  const words = wordsOf('zh')
  const { shop, ...around } = await aroundOf(job.ctx, one)
  const name = around.order.fields.contact_name ?? around.customer.name
  const page = { words, shop, name, one, machine: around.machine.name, serial: around.machine.serial,
    order: around.order.number }
  if (one.head.process === 'quotation' && template === 'quotation') {
    return quotationLetter(page, await linkFor(job, one, name))
  }
  if (one.head.process === 'quotation' && template === 'quote_reply') return replyLetter(page, job)
  if (one.head.process === 'quotation' && template === 'quote_reminder') return reminderLetter(page)
  return { subject, text: paragraphs([subject], foot(page)) }
}

type Parts = { words: Words; shop: Shop; name: string; one: Case; machine: string; serial: string; order: string }

const paragraphs = (...all: (readonly string[])[]): string =>
  `${all.map((lines) => lines.filter((line) => line !== '').join('\n')).filter((one) => one !== '').join('\n\n')}\n`

function foot({ words, shop }: Parts): string[] {
  const said = (key: 'phone' | 'fax' | 'hours', text: string) =>
    (text === '' ? '' : words.say(`mail.shop_${key}`, { text }))
  return [shop.name, [said('phone', shop.phone), said('fax', shop.fax)].filter((part) => part !== '').join('　'),
    said('hours', shop.hours), shop.address]
}

function quotationLetter(parts: Parts, link: string | null): CustomerLetter {
  const { words, one, shop, name, machine, serial, order } = parts
  const { discount_fen, tax_fen, total_fen } = quotedSums(one)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const said = (key: 'cause' | 'period' | 'valid_until', value: string) =>
    (value === '' ? '' : words.say(`mail.quote_${key}`, { text: value }))
  const lines = quotedLines(one).map(({ line, what, name: item, pieces, unit_fen, amount_fen, note }) =>
    `${line}. ${what}　${item}　${pieces} × ${yuan(unit_fen)} = ¥${yuan(amount_fen)}${note === '' ? '' : `（${note}）`}`)
  return {
    subject: words.say('mail.quote_subject', { company: shop.name, number: one.head.number, machine }),
    text: paragraphs([words.say('mail.greeting', { name })],
      [words.say('mail.quote_opening', { machine: serial === '' ? machine : `${machine}（${serial}）`, order })],
      [said('cause', text(one.values.cause))],
      [words.say('mail.quote_lines'), ...lines,
        discount_fen > 0 ? words.say('mail.quote_discount', { sum: yuan(discount_fen) }) : '',
        tax_fen > 0 ? words.say('mail.quote_tax', { sum: yuan(tax_fen) }) : '',
        words.say('mail.quote_total', { sum: yuan(total_fen), capitals: capitals(total_fen) }),
        one.values.final === 'estimate' ? words.say('mail.quote_estimate') : ''],
      [said('period', text(one.values.period)), said('valid_until', text(one.values.valid_until))],
      link === null ? [words.say('mail.quote_no_link')]
        : [words.say('mail.quote_link', { days: linkDays }), link, words.say('mail.quote_link_yours')],
      [words.say('mail.quote_paper')], foot(parts)) }
}

/** Asks once more; the link of the first letter still opens. */
function reminderLetter(parts: Parts): CustomerLetter {
  const { words, one, shop, name, machine } = parts
  const { total_fen } = quotedSums(one)
  return { subject: words.say('mail.reminder_subject', { company: shop.name, number: one.head.number, machine }),
    text: paragraphs([words.say('mail.greeting', { name })],
      [words.say('mail.reminder_opening', { number: one.head.number, machine, sum: yuan(total_fen) })],
      [words.say('mail.reply_link')], foot(parts)) }
}

function replyLetter(parts: Parts, { cause }: Job): CustomerLetter {
  const { words, one, shop, name } = parts
  return { subject: words.say('mail.reply_subject', { company: shop.name, number: one.head.number }),
    text: paragraphs([words.say('mail.greeting', { name })],
      [words.say('mail.reply_opening', { number: one.head.number }), String(cause.input.reply ?? '')],
      [words.say('mail.reply_link')], foot(parts)) }
}

/**
 * The private link of one letter: made once, with the effect that sends it, so that every further try carries the same.
 * The secret lies with the effect only until the letter is gone; from then on only its hash is kept.
 *
 * @returns its address; null where nobody has said how this installation is reached
 * @throws when another worker has the effect by now
 */
async function linkFor({ ctx, row, ports }: Job, one: Case, name: string): Promise<string | null> {
  const base = ports.publicUrl?.replace(/\/$/, '')
  const actions = linkActions[one.head.process]
  if (base === undefined || !actions) return null
  const known = row.effect.link_secret
  if (typeof known === 'string') return `${base}/l/${known}`
  return ctx.app.db.transaction(ctx.company.id, async (tx) => {
    const { secret } = await makeLink(ctx, tx, { record: one.head.id, contact: { id: null, name }, actions,
      days: linkDays })
    const kept = await tx.query(sql`
      update outbox set effect = effect || jsonb_build_object('link_secret', ${secret}::text)
      where record_id = ${row.record_id} and seq = ${row.seq}::int and n = ${row.n}::int and state = 'sending'
        and tries = ${row.tries}::int returning n`.named('keep_link'))
    if (kept.length === 0) throw new Error('another worker has taken this effect over')
    await tx.commit()
    return `${base}/l/${secret}`
  })
}
