import { actionOf, formHolds, offers } from '../engine/decide.ts'
import { cardsFor } from '../engine/script-cards.ts'
import { type AnyProcess, fieldsOf, own } from '../engine/define.ts'
import { isUuid, listsFor } from '../engine/fields.ts'
import { roles } from '../engine/roles.ts'
import { labelOf, refusalSentence } from './answer.ts'
import { type Case, factsOf, loadCase, situationOf } from './case.ts'
import { agreedLine } from './contracts/said.ts'
import type { Ctx } from './context.ts'
import { type Reader, type Row, sql } from './db.ts'
import { cardLabel, localField } from './definitions.ts'
import { seenFields, seenValues } from './seen.ts'
import { sightCondition, sightOf } from './policy.ts'
import { placeWords } from './shelf-names.ts'
import { usualAnswers } from './usual.ts'
import type { ClockView, EventView, OfferView, PersonView, RecordView, RelativeView, StateView } from './views.ts'

const eventsShown = 50
const relativesShown = 100

export const stateView = (ctx: Ctx, process: AnyProcess, name: string): StateView =>
  ({ name, label: labelOf(ctx.words, process, `state.${name}`), kind: process.states[name]?.kind ?? 'void' })

/** A record with its actions on offer and the reason of each refusal; null when it is not there for this reader. */
export async function readRecord(ctx: Ctx, reader: Reader, process: string, id: string): Promise<RecordView | null> {
  const loading = loadCase(ctx, reader, process, id, false)
  const events = readEvents(reader, id, null)
  const relatives = readRelatives(reader, id)
  const one = await loading
  if (!one) return null
  return recordView(ctx, reader, one, await events, await relatives)
}

type EventRow = Omit<EventView, 'label' | 'who' | 'from_state' | 'to_state' | 'waived' | 'cards' | 'effects'> & {
  actor_kind: string; actor_id: string | null; from_state: string | null; to_state: string
  waived: { guard: string; reason: string }[] | null; shown: string[] | null; effects: EffectRow[] | null }
type EffectRow = { n: number; kind: string; effect: Record<string, unknown>; state: string; done_at: string | null
  error: string | null }

function readEvents(reader: Reader, id: string, before: number | null): Promise<EventRow[]> {
  return reader.query<EventRow>(sql`
    select e.seq, e.action, e.at, e.recorded_at, e.at_note, e.actor_kind, e.actor_id, e.on_behalf_of, e.via,
      e.from_state, e.to_state, e.input, e.waived, e.shown,
      (select jsonb_agg(jsonb_build_object('n', o.n, 'kind', o.kind, 'effect', o.effect, 'state', o.state,
        'done_at', o.done_at, 'error', o.last_error) order by o.n)
       from outbox o where o.record_id = e.record_id and o.seq = e.seq) as effects
    from event e where e.record_id = ${id} and (${before}::int is null or e.seq < ${before}::int)
    order by e.seq desc limit ${eventsShown}`.named('events'))
}

type RelativeRow = { id: string; process: string; number: string; title: string; state: string; parent: string | null
  handler: string | null; owner: string | null; author: string | null; team: string | null; kind: string
  next_action: string | null }

/** The whole family of a case, root first. Which of them this reader may see is asked when they are shown. */
function readRelatives(reader: Reader, id: string): Promise<RelativeRow[]> {
  return reader.query<RelativeRow>(sql`
    select f.id, f.process, f.number, f.title, f.state, f.parent, f.handler, f.owner, f.author, f.team, f.kind,
      f.next_action
    from record f where f.root = (select root from record where id = ${id}) order by f.opened_at, f.id
    limit ${relativesShown}`.named('relatives'))
}

/** Older events of a record that this reader sees, or null. */
export async function readOlderEvents(ctx: Ctx, reader: Reader, process: string, id: string, before: number):
  Promise<EventView[] | null> {
  const loading = loadCase(ctx, reader, process, id, false)
  const rows = readEvents(reader, id, before)
  const one = await loading
  if (!one) return null
  const events = await rows
  const names = await readNames(reader, namedIn(one, events))
  return events.map((row) => eventView(ctx, one.process, row, names))
}

async function recordView(ctx: Ctx, reader: Reader, one: Case, rows: EventRow[], relatives: RelativeRow[]):
  Promise<RecordView> {
  const { process, head } = one
  const values = seenValues(process, ctx.actor, one.values)
  const people = readNames(reader, namedIn(one, rows))
  const files = readFiles(reader, head.id)
  const order = ctx.actor.kind === 'contact' || head.parent === null ? Promise.resolve(null)
    : readOrder(ctx, reader, head.parent)
  const seen = seenRelatives(ctx, reader, relatives.filter(({ id }) => id !== head.id))
  const names = await people
  const person = (id: string | null): PersonView | null => (id === null ? null : { id, name: names[id] ?? '—' })
  return {
    id: head.id, process: process.name, label: labelOf(ctx.words, process, process.name), number: head.number,
    old_number: head.old_number, title: head.title, seq: head.seq, state: stateView(ctx, process, head.state), values,
    owner: person(head.owner), handler: person(head.handler), author: person(head.author),
    team: head.team === null ? null : { key: head.team, label: roleLabel(ctx, head.team) },
    customer: person(head.customer), machine: person(head.machine),
    agreed: head.agreed ? agreedLine(ctx.words, head.agreed) : typeof one.values.entitled === 'string'
      ? one.values.entitled : null,
    next: nextView(ctx, one, names), opened_at: head.opened_at, changed_at: head.changed_at, closed_at: head.closed_at,
    clocks: clockViews(ctx, one), offers: offerViews(ctx, one), editable: editableFields(ctx, one),
    events: rows.map((row) => eventView(ctx, process, row, names)), relatives: await seen, files: await files,
    names: ctx.app.house.nouns[process.name]?.places ? { ...placeWords(ctx, one.settings.texts), ...names } : names,
    lists: listsOf(ctx, one), order: await order,
  }
}

export const roleLabel = (ctx: Ctx, role: string): string =>
  ctx.words.label(`role.${role}`, own(roles as Record<string, string>, role) ?? role)

function nextView(ctx: Ctx, one: Case, names: Record<string, string>): RecordView['next'] {
  const { head, process } = one
  if (head.next_action === null) return null
  const owed = head.owed_by ?? 'team'
  const id = owed === 'owner' ? head.owner : owed === 'handler' ? head.handler : null
  const who = id !== null ? names[id] ?? '—'
    : owed === 'customer' ? ctx.words.say('label.customer')
      : roleLabel(ctx, owed === 'team' || owed === 'owner' || owed === 'handler' ? head.team ?? owed : owed)
  return { action: head.next_action, label: labelOf(ctx.words, process, `action.${head.next_action}`), owed_by: owed,
    who, due_at: head.next_due_at }
}

/** Check lists of forms on offer, where the company has its own for this kind of product. */
function listsOf(ctx: Ctx, { process, otherFacts }: Case): RecordView['lists'] {
  if (ctx.actor.kind === 'contact') return {}
  const fields = fieldsOf(process)
  const chosen = listsFor(fields, otherFacts)
  return Object.fromEntries(Object.entries(chosen).flatMap(([name, field]) =>
    (field !== fields[name] && field.kind === 'checklist'
      ? [[name, (localField(ctx.words, process, name, field) as typeof field).items]] : [])))
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

export function clockViews(ctx: Ctx, one: Case): ClockView[] {
  return one.clocks.views.filter((view) => view.state !== 'idle').map((view) => ({
    clock: view.clock, label: labelOf(ctx.words, one.process, `clock.${view.clock}`), kind: view.kind,
    state: view.state, started_at: iso(view.started_at), due_at: iso(view.due_at), stopped_at: iso(view.stopped_at),
    crossed_at: iso(view.crossed_at), limit_ms: view.limit_ms, elapsed_ms: view.elapsed_ms, left_ms: view.left_ms,
    running: view.running, warn_at: iso(view.steps.find(({ key }) => key !== 'due')?.at ?? null),
    unknown_years: view.unknown_years, beyond_horizon: view.beyond_horizon,
  }))
}

export function offerViews(ctx: Ctx, one: Case): OfferView[] {
  const { process, head } = one
  const situation = situationOf(ctx, one)
  return offers(process, ctx.actor, situation)
    .filter((offer) => actionOf(process, offer.action)!.from !== null && byPeople(process, offer.action))
    .filter((offer) => !ctx.actor.link || ctx.actor.link.actions.includes(offer.action))
    .map((offer) => ({
      action: offer.action, label: labelOf(ctx.words, process, `action.${offer.action}`),
      live: offer.refusal === null, next: offer.action === head.next_action,
      refusal: offer.refusal && { code: offer.refusal.code, ...(offer.refusal.guard && { guard: offer.refusal.guard }),
        message: refusalSentence(ctx, offer.refusal, { process }) },
      holds: offer.refusal && !offer.waivable ? {} : formHolds(process, offer.action, situation),
      usual: offer.refusal && !offer.waivable ? {} : usualAnswers(ctx, one, offer.action),
      waivers: offer.waivable
        ? offer.unmet.map((guard) => ({ guard, label: labelOf(ctx.words, process, `guard.${guard}`) })) : [],
      cards: cardsFor(process, actionOf(process, offer.action), factsOf(ctx, one)),
    }))
}

/** What only the machine does is no button. */
const byPeople = (process: AnyProcess, action: string): boolean =>
  actionOf(process, action)!.by.some((doer) => doer !== 'system')

function editableFields(ctx: Ctx, one: Case): string[] {
  const edit = offers(one.process, ctx.actor, situationOf(ctx, one)).find(({ action }) => action === 'edit')
  if (!edit || edit.refusal !== null || ctx.actor.link) return []
  const sees = seenFields(one.process, ctx.actor)
  return (one.process.states[one.head.state]?.edits ?? []).filter(sees)
}

function eventView(ctx: Ctx, process: AnyProcess, row: EventRow, names: Record<string, string>): EventView {
  const { actor_kind, actor_id, effects, waived, shown, from_state, to_state, ...rest } = row
  const nameless = actor_kind === 'contact' ? ctx.words.say('label.customer') : '—'
  const name = actor_id !== null ? names[actor_id] ?? nameless
    : actor_kind === 'contact' ? nameless : ctx.words.say('label.system')
  return {
    ...rest, label: labelOf(ctx.words, process, `action.${row.action}`),
    who: { kind: actor_kind, id: actor_id, name },
    on_behalf_of: row.on_behalf_of === null ? null : names[row.on_behalf_of] ?? '—',
    from_state: from_state === null ? null : stateView(ctx, process, from_state),
    to_state: stateView(ctx, process, to_state), input: seenInput(ctx, process, row),
    waived: (waived ?? []).map((one) => ({ ...one, label: labelOf(ctx.words, process, `guard.${one.guard}`) })),
    cards: ctx.actor.kind === 'contact' ? [] : (shown ?? []).map((card) => cardLabel(ctx.words, process, row.action, card)),
    effects: ctx.actor.kind === 'contact' ? [] : (effects ?? []).map((one) => effectView(ctx, process, one)),
  }
}

/** Built-in strikes keep their clock, named in words; everything else passes `seen_by`. */
function seenInput(ctx: Ctx, process: AnyProcess, row: EventRow): Record<string, unknown> {
  if (row.action === 'warn' || row.action === 'overdue') {
    return { ...row.input, clock: labelOf(ctx.words, process, `clock.${String(row.input.clock)}`) }
  }
  return seenValues(process, ctx.actor, row.input)
}

function effectView(ctx: Ctx, process: AnyProcess, { n, kind, effect, state, done_at, error }: EffectRow):
  EventView['effects'][number] {
  const what = kind === 'print' ? labelOf(ctx.words, process, `document.${String(effect.print)}`)
    : String(effect.send ?? effect.tell ?? effect.open ?? '')
  const to = typeof effect.to === 'string' ? roleLabel(ctx, effect.to) : null
  return { n, kind, what, to, state, done_at, error, result: typeof effect.result === 'string' ? effect.result : null }
}

/** Ids of the people and records that a case names: its head, its fields, its events. */
function namedIn(one: Case, rows: readonly EventRow[]): string[] {
  const fields = fieldsOf(one.process)
  const people = Object.keys(fields).filter((name) => ['person', 'record'].includes(fields[name]!.kind))
  const tables = Object.keys(fields).filter((name) => fields[name]!.kind === 'lines')
  const ids = new Set<string>()
  const add = (value: unknown) => { if (isUuid(value)) ids.add(value) }
  const { owner, handler, author, customer, machine } = one.head
  for (const id of [owner, handler, author, customer, machine]) add(id)
  for (const name of people) add(one.values[name])
  for (const name of tables) for (const value of cellsOf(one.values[name])) add(value)
  for (const row of rows) {
    add(row.actor_id)
    add(row.on_behalf_of)
    for (const name of people) for (const value of [row.input[name]].flat()) add(value)
    for (const name of tables) for (const value of cellsOf(row.input[name])) add(value)
  }
  return [...ids]
}

/** The values of a field of rows, one by one. */
const cellsOf = (value: unknown): unknown[] =>
  (Array.isArray(value) ? value.flatMap((row) => Object.values((row ?? {}) as object)) : [])

/** What a child's script cards say of the order it belongs to, where this reader may see that order. */
async function readOrder(ctx: Ctx, reader: Reader, parent: string): Promise<RecordView['order']> {
  const seen = sightCondition(sightOf('repair_order', ctx.actor))
  const [row] = await reader.query<Record<string, string | null>>(sql`
    select o.contact_name, o.contact_phone, o.sent_in_on, o.promised_at, o.fault_found from repair_order o
    join record r on r.company_id = o.company_id and r.id = o.id where o.id = ${parent} and ${seen}`)
  return row ?? null
}

async function readNames(reader: Reader, ids: readonly string[]): Promise<Record<string, string>> {
  if (ids.length === 0) return {}
  const rows = await reader.query<{ id: string; name: string }>(sql`
    select id, name from member where id = any(${ids}::uuid[])
    union all select id, title from record where id = any(${ids}::uuid[]) and process <> 'member'`.named('names'))
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

async function readFiles(reader: Reader, record: string): Promise<RecordView['files']> {
  const rows = await reader.query<Row & { id: string }>(sql`
    select id, name, type, size, created_at from file where record_id = ${record} and erased_at is null
    order by created_at limit 500`.named('files_of_record'))
  return Object.fromEntries(rows.map((row) => [row.id, row])) as RecordView['files']
}

/** Of a family, those that exist for this reader: one statement for each process in it. */
async function seenRelatives(ctx: Ctx, reader: Reader, rows: readonly RelativeRow[]): Promise<RelativeView[]> {
  const byProcess = [...new Set(rows.map(({ process }) => process))]
  const allowed = await Promise.all(byProcess.map(async (process) => {
    const sight = sightOf(process, ctx.actor)
    const ids = rows.filter((row) => row.process === process).map(({ id }) => id)
    if (sight === 'all') return ids.map((id) => ({ id }))
    return reader.query<{ id: string }>(sql`select r.id from record r where r.id = any(${ids}::uuid[])
      and ${sightCondition(sight)}`)
  }))
  const seen = new Set(allowed.flat().map(({ id }) => id))
  return rows.filter(({ id }) => seen.has(id)).map((row) => {
    const process = ctx.app.house.processes[row.process]!
    return { id: row.id, process: row.process, label: labelOf(ctx.words, process, process.name), number: row.number,
      title: row.title, state: stateView(ctx, process, row.state), parent: row.parent,
      next: row.next_action === null ? null : labelOf(ctx.words, process, `action.${row.next_action}`) }
  })
}
