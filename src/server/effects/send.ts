import { buffer } from 'node:stream/consumers'
import { fieldsOf, mainStep, own } from '../../engine/define.ts'
import { type Words, wordsOf } from '../../words/index.ts'
import { idFrom } from '../by-itself.ts'
import { type Case, loadCase } from '../case.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { readFile } from '../files.ts'
import { liveOf } from '../live.ts'
import { type NoticeParams, noticeText } from '../notice-text.ts'
import type { Answer, Cause, Job } from '../outbox.ts'
import { customerLetter } from './customer-letter.ts'

type Member = { id: string; name: string; email: string | null; language: 'zh' | 'en'; customer?: true }

/** When nobody owes a step by name, a deadline must still reach somebody: the first of these roles that has people. */
const lastResort = ['supervisor', 'manager', 'administrator'] as const

const readersMost = 500

/**
 * Sends a notice: into the program for each recipient, exactly once; and by mail to those who have an address, under a
 * Message-ID that stays the same. People are not told of what they did themselves. A customer has mail only, with the
 * documents that the same event printed.
 */
export async function send(job: Job): Promise<Answer> {
  const { ctx, row, cause, ports } = job
  const { send: template, to } = row.effect as { send: string; to: string }
  const [one, people] = await ctx.app.db.read(ctx.company.id, async (reader) => {
    const found = await loadCase(ctx, reader, cause.process, row.record_id, false)
    return [found, found ? await recipients(reader, found, to, cause) : []] as const
  })
  if (!one) return { state: 'done', note: `${cause.process}: process_off` }
  const others = people.filter(({ id }) => cause.actor_kind !== 'member' || id !== cause.actor_id)
  // A price that is being made anew, or was answered meanwhile, is not sent any more.
  if (to === 'customer' && template === 'quotation' && one.head.kind !== 'waiting') {
    return { state: 'done', note: 'superseded' }
  }
  const customers = to === 'customer' ? await customerOf(ctx, one, cause) : []
  const params = paramsOf(one, cause)
  const mailed = row.effect.mailed as string[] | undefined ?? []
  const letters = ports.mail ? [...others, ...customers].filter(({ id, email }) => email && !mailed.includes(id)) : []
  if (row.was === 'sending' && row.effect.mailing === true && letters.length > 0) {
    return { state: 'uncertain', note: ctx.words.say('undelivered.uncertain',
      { names: letters.map(({ name }) => name).join('、') }) }
  }
  await writeNotices(job, template, params, others, letters.length > 0)
  liveOf(ctx.app)?.noticed(ctx.company.id, others.map(({ id }) => id))
  const refused = await sendLetters(job, template, params, one, letters)
  if (refused.length > 0) return { state: 'dead', note: refused.join('; ') }
  if (to === 'customer' && letters.length + mailed.length === 0) {
    const note = ctx.words.say(ports.mail ? 'undelivered.no_address' : 'undelivered.no_mail')
    // Many customers have no mail. Where the form named an address, somebody counts on the letter.
    return { state: typeof cause.input.email === 'string' ? 'dead' : 'done', note }
  }
  const nobody = others.length === 0 && to !== 'customer'
  return { state: 'done', result: `${others.length} + ${letters.length}`, ...(nobody && { note: 'nobody' }) }
}

/** The customer's address: what the form named, else what their record says. */
async function customerOf(ctx: Ctx, one: Case, cause: Cause): Promise<Member[]> {
  const id = one.head.process === 'customer' ? one.head.id : one.head.customer
  const [customer] = id === null ? [] : await ctx.app.db.read(ctx.company.id, (reader) =>
    reader.query<{ id: string; name: string | null; email: string | null }>(sql`
      select id, name, email from customer where id = ${id}`.named('customer_address')))
  const email = [cause.input.email, one.values.email, customer?.email].find((one) => typeof one === 'string') as
    string | undefined ?? null
  return email === null ? [] : [{ id: id ?? one.head.id, name: customer?.name ?? email, email, language: 'zh',
    customer: true }]
}

const columns = sql`m.id, m.name, m.email, m.language`

const byIds = (reader: Reader, ids: readonly (string | null)[]) => reader.query<Member>(sql`
  select ${columns} from member m where m.id = any(${ids.filter((id) => id !== null)}::uuid[]) and m.active`
  .named('members_by_id'))

const byRole = (reader: Reader, role: string | null) => reader.query<Member>(sql`
  select ${columns} from member m where m.active and exists (select from position p
    where p.company_id = m.company_id and p.key = any(m.positions) and ${role}::text = any(p.roles))
  order by m.id limit ${readersMost}`.named('members_by_role'))

/** Who is meant: by head field, by team, by role, or whoever owes the step that is due where the event led to. */
async function recipients(reader: Reader, one: Case, to: string, cause: Cause): Promise<Member[]> {
  const { head, process } = one
  const input = cause.input[to]
  if (to === 'owner' || to === 'handler') return byIds(reader, [typeof input === 'string' ? input : head[to]])
  if (to === 'author') return byIds(reader, [head.author])
  if (to === 'team') return head.team === null ? [] : byRole(reader, head.team)
  // Customers are no members: see customerOf.
  if (to === 'customer') return []
  if (to !== 'owed') return byRole(reader, to)
  const state = own(process.states, cause.to_state)
  const owed = head.state === cause.to_state ? head.owed_by : state && mainStep(state).owed_by
  const named = !owed || owed === 'customer' ? [] : await recipients(reader, one, owed, cause)
  if (named.length > 0) return named
  const responsible = await byIds(reader, [head.handler ?? head.owner])
  if (responsible.length > 0) return responsible
  for (const role of lastResort) {
    const found = await byRole(reader, role)
    if (found.length > 0) return found
  }
  return []
}

const textMost = 200

/** Numbers and short texts of the form, but nothing personal and nothing secret: notices outlive an erasure. */
function paramsOf(one: Case, cause: Cause): NoticeParams {
  const fields = fieldsOf(one.process)
  const plain = Object.entries(cause.input).filter(([name, value]) => !fields[name]?.personal
    && (typeof value === 'number' || (typeof value === 'string' && value.length <= textMost)))
  return { ...Object.fromEntries(plain) as Record<string, string | number>, number: one.head.number,
    title: one.head.title, process: one.head.process, action: cause.action, who: cause.who,
    due_at: typeof cause.input.due_at === 'string' ? cause.input.due_at : one.head.next_due_at }
}

/** In one transaction with the mark that mails begin now: a crash before it is done again, after it is uncertain. */
async function writeNotices({ ctx, row, cause, key }: Job, template: string, params: NoticeParams,
  people: readonly Member[], mailing: boolean): Promise<void> {
  if (people.length === 0 && !mailing) return
  const at = Date.parse(cause.recorded_at)
  const ids = people.map(({ id }) => idFrom(`${ctx.company.id}:${key}:${id}`, at))
  await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    const written = [tx.query(sql`
      insert into notice (company_id, id, member_id, record_id, template, params, created_at, effect_key)
      select current_company(), p.id, p.member_id, ${row.record_id}::uuid, ${template},
        ${JSON.stringify(params)}::jsonb, ${new Date(ctx.now)}::timestamptz, ${key}
      from unnest(${ids}::uuid[], ${people.map(({ id }) => id)}::uuid[]) as p (id, member_id)
      on conflict do nothing`.named('write_notices'))]
    if (mailing) written.push(markRow(tx, row, { mailing: true }, ctx.now))
    await Promise.all([...written, tx.commit()])
  })
}

/** Long enough for the next letter, whose port gives up sooner. */
const leaseMore = '2 minutes'

/** Keeps what has been done and keeps the row ours. [] when another worker has it by now. */
const markRow = (tx: Reader, row: Job['row'], mark: object, now: number) => tx.query(sql`
  update outbox set effect = effect || ${JSON.stringify(mark)}::jsonb,
    leased_until = greatest(leased_until, ${new Date(now)}::timestamptz + ${leaseMore}::interval)
  where record_id = ${row.record_id} and seq = ${row.seq}::int and n = ${row.n}::int and state = 'sending'
    and tries = ${row.tries}::int returning n`.named('mark_effect'))

/** @returns who will never get theirs, and why. @throws an outage: those who have theirs are remembered */
async function sendLetters(job: Job, template: string, params: NoticeParams, one: Case,
  letters: readonly Member[]): Promise<string[]> {
  const { ctx, row, key, ports } = job
  const attachments = letters.some(({ customer }) => customer) ? await printsOf(job) : []
  const mailed = [...(row.effect.mailed as string[] | undefined ?? [])]
  const refused: string[] = []
  for (const { id, name, email, language, customer } of letters) {
    const words = wordsOf(language)
    const subject = noticeText(words, ctx.company.time_zone, one.process, template, params)
    const letter = customer ? await customerLetter(job, one, template, subject)
      : { subject, text: bodyOf(words, subject, one, ports.publicUrl, ctx.company.name) }
    try {
      await ports.mail!.send({ ...letter, to: email!, id: `${key.replaceAll(':', '.')}.${id}`,
        ...(customer && { from_name: ctx.company.name, attachments }) })
      mailed.push(id)
    } catch (error) {
      if (!(error as { permanent?: boolean }).permanent) throw error
      refused.push(`${name}: ${(error as Error).message.slice(0, textMost)}`)
    }
    if (letters.length > 1) {
      const kept = await ctx.app.db.transaction(ctx.company.id, async (tx) =>
        (await Promise.all([markRow(tx, row, { mailed }, ctx.app.clock()), tx.commit()]))[0])
      if (kept.length === 0) throw new Error('another worker has taken this effect over')
    }
  }
  return refused
}

const attachedMost = 10

/** The documents that the same event printed, as they were kept. */
async function printsOf({ ctx, row }: Job): Promise<{ filename: string; content: Buffer }[]> {
  const prints = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ file: string | null }>(sql`
    select effect->>'result' as file from outbox where record_id = ${row.record_id} and seq = ${row.seq}::int
      and kind = 'print' and state = 'done' order by n limit ${attachedMost}`.named('prints_of_event')))
  const attachments: { filename: string; content: Buffer }[] = []
  for (const { file } of prints) {
    const found = file === null ? null : await readFile(ctx, file)
    const stream = await found?.open()
    if (found && stream) attachments.push({ filename: found.name, content: await buffer(stream) })
  }
  return attachments
}

function bodyOf(words: Words, text: string, one: Case, publicUrl: string | null, company: string): string {
  const link = publicUrl === null ? '' : `\n${publicUrl.replace(/\/$/, '')}/${one.head.process}/${one.head.id}\n`
  return `${text}\n${link}\n${words.say('mail.foot', { company })}\n`
}
