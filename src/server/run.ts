import { createHash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import { type Decision, type Situation, decide, dueStep } from '../engine/decide.ts'
import type { AnyProcess } from '../engine/define.ts'
import { fieldsOf, own } from '../engine/define.ts'
import { fail } from '../engine/fields.ts'
import { type Refusal, refuse } from '../engine/refusal.ts'
import { type Case, loadCase, newFacts, situationOf } from './case.ts'
import { type Birth, type Link, type WriteLink, writeLink } from './chain.ts'
import { clocksOf } from './clocks.ts'
import type { Ctx } from './context.ts'
import { type Tx, brokenConstraint, isRetryable, sql } from './db.ts'
import { strayReferences } from './references.ts'
import { type Act, type Head, type HeadField, type Noun, headFields } from './records/noun.ts'
import { type CompanyNow, type Effective, effectiveSettings, readCompanyNow } from './settings.ts'
import { type Moved, whenItHappened } from './happened.ts'
import { type Brought, actingFor, readBrought } from './brought.ts'
import { claimFiles } from './files-claim.ts'
import { erasePersonal } from './erase-personal.ts'
import { takenAfter } from './taken.ts'
import { traced } from './tracing.ts'

/** One wish to act. `id` null creates. `key`: the caller's idempotency key; absent means a key of its own. */
export type Wish = {
  process: string; action: string; id: string | null; input: unknown; key?: string
  /** Refuse with `stale` unless the record is still at this event. */
  expectSeq?: number
  /** Where the wish was derived by us (timer, tell, import row), the id that a creation shall have. */
  newId?: string
  /** Of a row of a sheet: its request, the same whoever brings it (`rowKey`). */
  requestKey?: Buffer
}

export type Done = { ok: true; id: string; number: string; process: string; action: string; seq: number; state: string
  replayed: boolean }
/** `state`: where the record stood when it was refused; absent of a creation, or where nothing was looked at. */
export type Outcome = Done | { ok: false; refusal: Refusal; last?: LastEvent; state?: string }

/** The event that a refused person did not know of yet: told in words. */
export type LastEvent = { action: string; at: string; actor_kind: string; who: string | null; state: string }

export const retriesMost = 3

/**
 * The one way in which anything happens: one transaction that locks, looks for the request, reads the facts, decides
 * and writes. Nothing else in the program writes a state.
 *
 * @returns what was done (or had been done before under the same key), or the refusal: then nothing was written
 * @throws when the database is away or a statement of ours is wrong; nothing was written then either
 */
export async function run(ctx: Ctx, wish: Wish): Promise<Outcome> {
  // Only names of the house count: an address may hold anything.
  const known = own(own(ctx.app.house.processes, wish.process)?.actions ?? {}, wish.action) !== undefined
  const name = known || ctx.actor.kind === 'system' ? `${wish.process}.${wish.action}` : 'unknown action'
  return traced(ctx.app, name, { company: ctx.company.id, via: ctx.via }, async (tell) => {
    const outcome = await runToItsEnd(ctx, wish)
    const ending = outcome.ok ? outcome.replayed ? 'replayed' : 'ok' : outcome.refusal.code
    tell({ ending, case: outcome.ok ? outcome.id : wish.id, seq: outcome.ok ? outcome.seq : null })
    if (known) ctx.app.meter?.acted(wish.process, wish.action, ending)
    return outcome
  })
}

/** The key of the request, also of one part where events are divided by company (docs/operations.md). */
const requestKey = /^event_request(_of_\w+)?$/

async function runToItsEnd(ctx: Ctx, wish: Wish): Promise<Outcome> {
  const keys = keysOf(ctx, wish)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.app.db.transaction(ctx.company.id, (tx) => attemptOnce(ctx, tx, wish, keys))
    } catch (error) {
      const broken = brokenConstraint(error)
      if (broken !== null && requestKey.test(broken)) return await replayAfterRace(ctx, wish, keys)
      const taken = broken === null ? undefined : own(own(ctx.app.house.nouns, wish.process)?.unique ?? {}, broken)
      if (taken !== undefined) return refuse('bad_input', { fields: [await takenAfter(ctx, wish, taken)] })
      if (!isRetryable(error) || attempt >= retriesMost) throw error
    }
  }
}

type Keys = { request_key: Buffer; request_hash: Buffer }

const sha256 = (...parts: string[]) => createHash('sha256').update(parts.join('\u0000')).digest()

/** Stored instead of the header itself: two people's equal headers are two keys; the same key, another body is told. */
export function keysOf(ctx: Ctx, wish: Wish): Keys {
  const { company, actor } = ctx
  return {
    request_key: wish.requestKey ?? (wish.key === undefined ? sha256(uuidv7(), uuidv7())
      : sha256(String(company.id), actor.kind, actor.id ?? '', wish.key)),
    request_hash: sha256(wish.process, wish.action, wish.id ?? '', canonical(hashable(ctx, wish))),
  }
}

/** Under which an event of a sheet's row is found again, whoever brings it. */
export const rowKey = (company: number, key: string): Buffer => sha256(String(company), 'row', key)

/** A secret must not lie in the event as a fast hash either: it could be guessed from it. */
function hashable(ctx: Ctx, { process: name, input }: Wish): unknown {
  const process = own(ctx.app.house.processes, name)
  const isForm = typeof input === 'object' && input !== null && !Array.isArray(input)
  return process && isForm ? withoutSecrets(process, input as Record<string, unknown>) : input
}

/** JSON with its keys in order, so that equal bodies are equal whatever order they were typed in. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

export type Replay = { record_id: string; process: string; action: string; seq: number; to_state: string; number: string
  same: boolean }

const replayOf = (keys: Keys) => sql`
  select e.record_id, e.process, e.action, e.seq, e.to_state, r.number,
    e.request_hash = ${keys.request_hash}::bytea as same
  from event e join record r on r.company_id = e.company_id and r.id = e.record_id
  where e.request_key = ${keys.request_key}::bytea`.named('replay')

/** The same for many keys at once. */
export const replaysOf = (keys: readonly Keys[]) => sql`
  select e.record_id, e.process, e.action, e.seq, e.to_state, r.number, e.request_key,
    e.request_hash = k.request_hash as same
  from unnest(${keys.map((one) => one.request_key)}::bytea[], ${keys.map((one) => one.request_hash)}::bytea[])
    as k (request_key, request_hash)
  join event e on e.request_key = k.request_key
  join record r on r.company_id = e.company_id and r.id = e.record_id`.named('replays')

const asOutcome = (replay: Replay): Outcome => (replay.same
  ? { ok: true, id: replay.record_id, number: replay.number, process: replay.process, action: replay.action,
    seq: replay.seq, state: replay.to_state, replayed: true }
  : refuse('key_reused'))

/** A raced creation has no row to lock: the second one runs into the key, and reads what the first one did. */
async function replayAfterRace(ctx: Ctx, wish: Wish, keys: Keys): Promise<Outcome> {
  const [replay] = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<Replay>(replayOf(keys)))
  if (!replay) throw new Error(`the request key of ${wish.process}.${wish.action} is taken, yet no event has it`)
  return asOutcome(replay)
}

/** What `run` does in a transaction; `runMany` does it several times in one. For these two alone. */
export async function attemptOnce(ctx: Ctx, tx: Tx, wish: Wish, keys: Keys, writes: WriteLink = writeLink):
  Promise<Outcome> {
  const noun = own(ctx.app.house.nouns, wish.process)
  if (!noun || !own(ctx.app.house.processes, wish.process)) return refuse('not_found')
  const parent = parentOf(wish)
  if (parent) void tx.query(sql`select 1 from record where id = (select root from record where id = ${parent})
    for update`.named('lock_parent_root'))
  // Look for the request id after the lock: before it, a twin request could still be committing.
  const loading = wish.id === null ? null : loadCase(ctx, tx, wish.process, wish.id, true)
  const replaying = tx.query<Replay>(replayOf(keys))
  const companyReading = readCompanyNow(tx)
  const [one, [replay], company] = await Promise.all([loading, replaying, companyReading])
  if (replay) return asOutcome(replay)
  const settings = await effectiveSettings(ctx.app, tx, ctx.company.id, company.profile, company.revision)
  const process = settings.definitions[wish.process]
  if (!process) return refuse('process_off')
  if (wish.id !== null && !one) return refuse('not_found')
  // A private link opens some actions of its one record, whatever the process would allow a customer.
  const { link } = ctx.actor
  if (link && (wish.id !== link.record || !link.actions.includes(wish.action))) {
    return refuse('wrong_role', { params: { action: wish.action } })
  }
  const brought = await readBrought(ctx, tx, company, wish.input)
  if (brought && 'refusal' in brought) return { ok: false, refusal: brought.refusal }
  const act = { ctx: brought ? actingFor(ctx, brought) : ctx, writer: ctx.actor, brought, tx, wish, keys, process, noun,
    settings, company, one, writes }
  return one === null || one === undefined ? create(act, parent) : act_(act, one)
}

type Attempt = { ctx: Ctx; writer: Ctx['actor']; brought: Brought | null; tx: Tx
  wish: Wish; keys: Keys; process: AnyProcess; noun: Noun; settings: Effective
  company: CompanyNow; one: Case | null | undefined; writes: WriteLink }

function parentOf(wish: Wish): string | null {
  const parent = wish.id === null ? (wish.input as { parent?: unknown } | null)?.parent : null
  return typeof parent === 'string' && /^[0-9a-f-]{36}$/.test(parent) ? parent : null
}

const reservedOfEnvelope = ['at', 'parent', 'old_number', 'brought'] as const

/** The form without the words of the envelope that are not its fields. */
function formOf(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  return Object.fromEntries(Object.entries(input)
    .filter(([name]) => !(reservedOfEnvelope as readonly string[]).includes(name)))
}

async function act_(attempt: Attempt, one: Case): Promise<Outcome> {
  const { ctx, tx, wish, process } = attempt
  if (wish.expectSeq !== undefined && wish.expectSeq !== one.head.seq) return refuse('stale')
  const happened = whenItHappened(ctx, attempt.company, wish.input, one.history)
  if ('refusal' in happened) return { ok: false, refusal: happened.refusal }
  const striking = ctx.actor.kind === 'system' && isStrike(wish.action)
  if (striking && !strikesNow(one, wish.input, ctx.now)) return refuse('stale')
  const decision = decide(process, wish.action, ctx.actor, situationOf(ctx, one), formOf(wish.input))
  if (!decision.ok) {
    return decision.refusal.code === 'wrong_state' || decision.refusal.code === 'edit_conflict'
      ? { ...decision, state: one.head.state, last: await lastEvent(tx, one.head.id) } : { ...decision, state: one.head.state }
  }
  return write(attempt, decision, happened, one, null)
}

async function create(attempt: Attempt, parent: string | null): Promise<Outcome> {
  const { ctx, tx, wish, process, noun, settings, company } = attempt
  const happened = whenItHappened(ctx, company, wish.input, [])
  if ('refusal' in happened) return { ok: false, refusal: happened.refusal }
  const situation: Situation = { state: null, facts: newFacts(ctx, noun, settings.limits) }
  const decision = decide(process, wish.action, ctx.actor, situation, formOf(wish.input))
  if (!decision.ok) return decision
  const family = await familyOf(tx, wish, parent)
  if (family === 'stranger') return refuse('bad_input', { fields: [fail('parent', 'unknown_record')] })
  const id = wish.newId ?? uuidv7()
  const { prefix, period, digits } = { ...noun.number, ...settings.processes[wish.process]?.number }
  const old = (wish.input as { old_number?: unknown }).old_number
  const birth: Birth = { parent, root: family?.root ?? id, author: ctx.actor.id ?? ctx.actor.on_behalf_of ?? null,
    old_number: company.importing && typeof old === 'string' ? old.slice(0, 60) : null, digits,
    ...(company.importing ? { prefix, period: null } : numberAt(prefix, period, ctx)) }
  return write(attempt, decision, happened, null, { id, birth, family })
}

/** What a new record takes from the case that it joins, unless its form says otherwise. */
type Family = { root: string; customer: string | null; machine: string | null; owner: string | null }

/** The case that a new record joins; null when it begins a case of its own. */
async function familyOf(tx: Tx, wish: Wish, parent: string | null): Promise<Family | null | 'stranger'> {
  const named = (wish.input as { parent?: unknown } | null)?.parent
  if (named === undefined || named === null) return null
  if (parent === null) return 'stranger'
  const [row] = await tx.query<Family>(sql`
    select root, case when process = 'customer' then id else customer end as customer,
      case when process = 'machine' then id else machine end as machine, owner
    from record where id = ${parent}`.named('family_of'))
  return row ?? 'stranger'
}

function numberAt(prefix: string, period: 'month' | 'year' | 'day' | 'ever', ctx: Ctx): { prefix: string
  period: string } {
  if (period === 'ever') return { prefix: `${prefix}-`, period: 'ever' }
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone: ctx.company.time_zone, year: 'numeric',
    month: '2-digit', day: '2-digit' }).format(ctx.now).split('-')
  const stamp = { year: `${year}`, month: `${year}${month}`, day: `${year}${month}${day}` }[period]
  return { prefix: `${prefix}${stamp}-`, period: stamp }
}

async function lastEvent(tx: Tx, id: string): Promise<LastEvent | undefined> {
  const [row] = await tx.query<LastEvent>(sql`
    select e.action, e.at, e.actor_kind, m.name as who, e.to_state as state
    from event e left join member m on m.company_id = e.company_id and m.id = e.actor_id
    where e.record_id = ${id} order by e.seq desc limit 1`.named('last_event'))
  return row
}

/** New values that a decision brings, by field: of an edit the second of each pair, of an erasure nothing. */
const newValues = (action: string, input: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  (action === 'erased' ? Object.fromEntries((input.erased_fields as string[]).map((name) => [name, null]))
    : Object.fromEntries(Object.entries(input).map(([name, value]) =>
      [name, action === 'edit' ? (value as [unknown, unknown])[1] : value])))

async function write(attempt: Attempt, decision: Extract<Decision, { ok: true }>, happened: Moved, one: Case | null,
  begin: { id: string; birth: Birth; family: Family | null } | null): Promise<Outcome> {
  const { ctx, writer, tx, wish, process, noun, settings, company } = attempt
  const id = one?.head.id ?? begin!.id
  const seq = (one?.head.seq ?? 0) + 1
  // A strike names a clock, a step and an instant: words of its own, not fields of the record.
  const changes = isStrike(wish.action) ? {} : newValues(wish.action, decision.input)
  const stray = await strayReferences(tx, process, changes)
  if (stray.length > 0) return refuse('bad_input', { fields: stray })
  const head: Partial<Head> = one ? { ...one.head } : inherited(begin!.family)
  const values: Record<string, unknown> = { ...(one ? one.values : inherited(begin!.family)), ...changes }
  const ownChange: Record<string, unknown> = Object.fromEntries(
    Object.entries(changes).filter(([name]) => noun.columns.includes(name)))
  const followed = { ...noun.follows?.(changes, ctx), ...(one?.head.state === decision.to ? {} : noun.places?.[decision.to]) }
  Object.assign(ownChange, followed)
  // Clocks are folded with them as well: a batch ends at the end of the day that its form names.
  Object.assign(values, followed)
  for (const name of headFields) if (name in changes) setHead(head, name, changes[name])
  const act: Act = { process: wish.process, action: wish.action, id, seq, at: happened.at, head: one?.head ?? null,
    parent: one?.head.parent ?? begin?.birth.parent ?? null,
    values, input: decision.input,
    set(column, value) { ownChange[column] = value; values[column] = value },
    setHead(column, value) { setHead(head, column, value); values[column] = value },
    agree(agreed) { head.agreed = agreed } }
  const files = await claimFiles(ctx, tx, process, changes, { id, seq })
  if (files.length > 0) return refuse('bad_input', { fields: files })
  const refusal = await writesOf(attempt, decision, act)
  if (refusal) return { ok: false, refusal, ...(one && { state: one.head.state }) }
  if (noun.title) head.title = noun.title(values)
  const link: Link = { id, process: wish.process, action: wish.action, seq, from_state: one?.head.state ?? null,
    to_state: decision.to, ...happened, recorded_at: new Date(ctx.now).toISOString(),
    actor_kind: writer.kind, actor_id: writer.id, on_behalf_of: ctx.actor.on_behalf_of ?? null,
    via: company.importing && writer.importer ? 'import' : ctx.via, activity: attempt.brought,
    ...attempt.keys, settings_revision: one?.head.settings_revision ?? company.revision,
    input: withoutSecrets(process, decision.input), waived: decision.waived, shown: decision.shown,
    noun: ownChange,
    extra: Object.fromEntries(Object.entries(changes).filter(([name]) => name.startsWith('x_'))),
    effects: company.importing ? [] : effectsAfter(process, wish.action, decision),
    ...after({ attempt, head, values, one, to: decision.to, action: wish.action, seq, at: happened.at,
      frozen: one?.frozen ?? settings }) }
  const number = await attempt.writes(tx, link, noun, begin?.birth ?? null)
  ctx.app.changed({ company: ctx.company.id, process: wish.process, id, seq, effects: link.effects.length > 0,
    strike: link.timer?.due_at ? Date.parse(link.timer.due_at) : null })
  return { ok: true, id, number, process: wish.process, action: wish.action, seq, state: decision.to, replayed: false }
}

const inherited = (family: Family | null): Partial<Head> =>
  (family === null ? {} : { customer: family.customer, machine: family.machine, owner: family.owner })

function setHead(head: Partial<Head>, column: HeadField, value: unknown): void {
  head[column] = (value ?? (column === 'title' ? '' : null)) as string
}

async function writesOf({ ctx, tx, process, noun, wish }: Attempt, _decision: Decision, act: Act):
  Promise<Refusal | null> {
  if (wish.action === 'erased') {
    await erasePersonal(tx, act)
    return noun.erases?.(ctx, tx, act) ?? null
  }
  const name = own(process.actions, wish.action)?.writes
  if (name === undefined) return null
  const writes = own(noun.writes, name)
  if (!writes) throw new Error(`${wish.process}.${wish.action} names the write ${name}, which its noun does not have`)
  return writes(ctx, tx, act)
}

/** Secrets reach the write that needs them and are kept nowhere else. */
function withoutSecrets(process: AnyProcess, input: Record<string, unknown>): Record<string, unknown> {
  const fields = fieldsOf(process)
  return Object.fromEntries(Object.entries(input).filter(([name]) => fields[name]?.kind !== 'secret'))
}

const isStrike = (action: string): boolean => action === 'warn' || action === 'overdue'

/** Is the step that a timer claims really to be told? A claim may be older than an event, an edit or a calendar. */
function strikesNow(one: Case, input: unknown, now: number): boolean {
  const { clock, step } = input as { clock?: unknown; step?: unknown }
  const next = one.clocks.views.find((view) => view.clock === clock)?.next
  return !one.company.importing && next?.step === step && next !== null && next !== undefined && next.at <= now
}

/**
 * Effects as rows of the outbox. The engine's own strikes tell whoever owes the step; the end of a clock is followed by
 * the action that the clock names, told to the record itself.
 */
function effectsAfter(process: AnyProcess, action: string, decision: Extract<Decision, { ok: true }>) {
  const effects: { kind: string; effect: object }[] =
    decision.effects.map((effect) => ({ kind: Object.keys(effect)[0]!, effect }))
  if (!isStrike(action)) return effects
  const clock = own(process.clocks, String(decision.input.clock))
  const template = action === 'overdue' && clock?.kind === 'minimum' ? 'clock_reached' : `clock_${action}`
  effects.push({ kind: 'send', effect: { send: template, to: 'owed' } })
  if (action === 'overdue' && clock?.then) effects.push({ kind: 'tell', effect: { tell: 'self', action: clock.then } })
  return effects
}

type After = { attempt: Attempt; head: Partial<Head>; values: Record<string, unknown>; one: Case | null; to: string
  action: string; seq: number; at: string; frozen: Effective }

/** The head row and the timer after the event: what is due, who owes it, and which step strikes next. */
function after({ attempt, head, values, one, to, action, seq, at, frozen }: After): Pick<Link, 'head' | 'timer'> {
  const { ctx, process, noun, settings, company } = attempt
  const state = process.states[to]!
  const strike = isStrike(action)
    ? { strike: { clock: String((attempt.wish.input as Record<string, unknown>).clock),
      step: String((attempt.wish.input as Record<string, unknown>).step) } } : {}
  const history = [...one?.history ?? [], { seq, at: Date.parse(at), action, to_state: to, ...strike }]
    .sort((a, b) => a.at - b.at || a.seq - b.seq)
  const whole = { ...head, state: to, kind: state.kind }
  // A clock's `when` sees the facts of the case alone, here as when the case is read.
  const facts = { ...noun.derive(whole, values, ctx), ...(one ? one.tableFacts : noun.blank) }
  const clocks = clocksOf(ctx, { process, settings, frozen, values, kind: state.kind, agreed: head.agreed ?? null },
    history, facts)
  const open = state.kind === 'active' || state.kind === 'waiting'
  const due = dueStep(process, state, facts)
  const next = company.importing || !open ? null : clocks.next
  const next_strike = next === null ? null : `${next.clock}:${next.step}:${next.at}`
  const moved = (one?.head.next_strike ?? null) !== next_strike
  return {
    head: { title: head.title ?? '', owner: head.owner ?? null, handler: head.handler ?? null, team: head.team ?? null,
      customer: head.customer ?? null, machine: head.machine ?? null, kind: state.kind,
      agreed: head.agreed ?? null, next_action: due.action, owed_by: due.owed_by,
      next_due_at: open && clocks.due_at !== null ? new Date(clocks.due_at).toISOString() : null, next_strike,
      closed_at: open ? null : one?.head.closed_at ?? at },
    timer: !moved ? null : { due_at: next === null ? null : new Date(next.at).toISOString(), clock: next?.clock ?? null,
      step: next?.step ?? null },
  }
}
