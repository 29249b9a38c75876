import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { own } from '../../engine/define.ts'
import { type Field, fail } from '../../engine/fields.ts'
import { type Refusal, refuse } from '../../engine/refusal.ts'
import { wordsOf } from '../../words/index.ts'
import { labelOf, languageOf, sendRefusal } from '../answer.ts'
import { attemptAtPaper, attemptFrom, countAttempts, forget, isLocked, takeBack } from '../auth/attempts.ts'
import { sha256 } from '../auth/tokens.ts'
import { loadCase } from '../case.ts'
import { paperKey } from '../customers/keys.ts'
import { machineOnPaper } from '../contracts/machine-on-paper.ts'
import { type App, type Company, type Ctx, system } from '../context.ts'
import { sql } from '../db.ts'
import type { Routes } from '../http.ts'
import { stateWords } from '../link-view.ts'
import { sightCondition, sightOf } from '../policy.ts'
import { readShop } from '../print/shop.ts'
import type { PaperStatusView, PaperView } from '../views.ts'
import { formOrRefusal } from './accounts.ts'

const digitsForm = /^[0-9]{4}$/
const lastDigits = 4

export type Paper = { company: Company; record: string; process: string }
type Row = { company_id: number; slug: string; company_name: string; time_zone: string; record_id: string
  process: string }

type Asked = { Params: { code: string } }

/**
 * The code on a printed page. Everybody learns whose page it is and whom to call; somebody of the company is shown the
 * way to the record; the customer, who knows the number that was left, hears how far it is.
 */
export const paperRoutes: Routes = (server, app) => {
  server.get<Asked>('/api/paper/:code', { config: { open: true } }, async (request, reply) => {
    const paper = await paperOrRefusal(app, request)
    if ('refusal' in paper) return sendRefusal(request, reply, paper.refusal)
    const view: PaperView = { shop: await app.db.read(paper.company.id, (reader) =>
      readShop(app, reader, paper.company)), record: await forStaff(request.ctx, paper),
    ...(paper.process === 'machine' && { machine: await machineOnPaper(app, paper.company, paper.record) }) }
    return view
  })

  server.post<Asked>('/api/paper/:code', { config: { open: true } }, async (request, reply) => {
    const typed = formOrRefusal<{ digits: string }>(request, reply, { digits })
    if (!typed) return reply
    const paper = await paperOrRefusal(app, request)
    if ('refusal' in paper) return sendRefusal(request, reply, paper.refusal)
    const known = await knowsNumber(app, request, paper, typed.digits)
    if (!known.ok) {
      const { refusal } = known
      if (refusal.code === 'locked_out') void reply.header('retry-after', Number(refusal.params?.minutes) * 60)
      return sendRefusal(request, reply, refusal)
    }
    const status = await readStatus(app, request, paper)
    return status ?? sendRefusal(request, reply, { code: 'not_found' })
  })
}

const digits: Field = { kind: 'text', zh: '手机号后四位', required: true, max: 20 }

/** A code is no secret worth guessing, but an address that tries many is stopped like one that tries links. */
export async function paperOrRefusal(app: App, request: FastifyRequest): Promise<Paper | { refusal: Refusal }> {
  const now = app.clock()
  const guesses = attemptFrom(request.ip, 'link')
  const locked = await isLocked(app, now, guesses)
  if (locked) return { refusal: locked }
  const { code = '' } = request.params as { code?: string }
  const plain = paperKey(code)
  const [row] = plain === null ? []
    : await app.db.door<Row>(sql`select * from paper_of(${plain})`.named('paper_of'))
  if (!row) return { refusal: await countAttempts(app, now, guesses) ?? { code: 'not_found' } }
  return { company: { id: row.company_id, slug: row.slug, name: row.company_name, time_zone: row.time_zone },
    record: row.record_id, process: row.process }
}

/** The record, for somebody of the same company who may see it. A link opens its own page, never this one. */
async function forStaff(ctx: Ctx | null, { company, record, process }: Paper): Promise<PaperView['record']> {
  if (ctx?.actor.kind !== 'member' || ctx.company.id !== company.id || ctx.must_change_password) return null
  const rows = await ctx.app.db.read(company.id, (reader) => reader.query(sql`
    select 1 from record r where r.id = ${record} and ${sightCondition(sightOf(process, ctx.actor))}`))
  return rows.length === 1 ? { process, id: record } : null
}

/**
 * Are these the last digits of a number that the customer left? Counted before it is compared, by paper and by address,
 * in the database for all nodes: ten thousand possibilities are few.
 */
async function knowsNumber(app: App, request: FastifyRequest, paper: Paper, typed: string):
  Promise<{ ok: true } | { ok: false; refusal: Refusal }> {
  const wrong = refuse('bad_input', { fields: [fail('digits', 'wrong_code')] })
  const plain = typed.replace(/\s/g, '')
  if (!digitsForm.test(plain)) return refuse('bad_input', { fields: [fail('digits', 'bad_format')] })
  const [here, from] = [attemptAtPaper(paper.record), attemptFrom(request.ip, 'link')]
  const refusal = await countAttempts(app, app.clock(), from, here)
  if (refusal) return { ok: false, refusal }
  const phones = await phonesOf(app, paper)
  if (!endsWith(phones, plain)) return wrong
  await Promise.all([forget(app, here), takeBack(app, from)])
  return { ok: true }
}

/** Takes as long for the first number as for none, and says nothing about which it was. */
function endsWith(phones: readonly string[], typed: string): boolean {
  const wanted = sha256(typed)
  return phones.map((phone) => phone.replace(/\D/g, '')).filter((phone) => phone.length >= lastDigits)
    .reduce((found, phone) => timingSafeEqual(sha256(phone.slice(-lastDigits)), wanted) || found, false)
}

/** Numbers that the customer left: with the order, as a customer, of the people there. */
async function phonesOf(app: App, { company, record }: Paper): Promise<string[]> {
  const [row] = await app.db.read(company.id, (reader) => reader.query<{ phones: (string | null)[] }>(sql`
    select array[o.contact_phone, c.phone] || coalesce((select array_agg(phone)
        from contact k, unnest(k.phones) phone where k.customer = t.customer and k.active), '{}') as phones
    from record r join record t on t.company_id = r.company_id and t.id = r.root
      left join repair_order o on o.company_id = t.company_id and o.id = t.id
      left join customer c on c.company_id = t.company_id and c.id = t.customer
    where r.id = ${record}`.named('paper_phones')))
  return (row?.phones ?? []).filter((phone) => phone !== null)
}

/** How far it is, in a few words; null where the company does not use the process any more. */
async function readStatus(app: App, request: FastifyRequest, { company, record, process }: Paper):
  Promise<PaperStatusView | null> {
  const ctx: Ctx = { app, company, actor: system(), now: app.clock(), via: 'link', words: wordsOf(languageOf(request)) }
  const one = !own(app.house.processes, process) ? null
    : await app.db.read(company.id, (reader) => loadCase(ctx, reader, process, record, false))
  return one && { label: labelOf(ctx.words, one.process, process), state_words: stateWords(ctx, one),
    changed_at: one.head.changed_at }
}
