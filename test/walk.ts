import { uuidv7 } from 'uuidv7'
import { type Decision, type Situation, actionOf, decide, offer } from '../src/engine/decide.ts'
import { type Action, type AnyProcess, fieldsOf } from '../src/engine/define.ts'
import { type Doer, staff } from '../src/engine/roles.ts'
import type { Refusal } from '../src/engine/refusal.ts'
import { listsFor } from '../src/engine/fields.ts'
import { type Case, loadCase, newFacts, situationOf } from '../src/server/case.ts'
import { type Actor, system } from '../src/server/context.ts'
import type { Outcome } from '../src/server/run.ts'
import { effectiveSettings, readCompanyNow } from '../src/server/settings.ts'
import type { TestCompany } from './company.ts'
import { type Chance, type World, brokenForm, chanceOf, validForm, validValue } from './walk-input.ts'

/** One thing that somebody could try, with what must come of it. */
type Try = { actor: Actor; action: string; id: string | null; state: string | null; input: Record<string, unknown>
  files: readonly string[]; expected: string; waived: readonly string[]; fields: readonly string[]
  /** The button was live, or would be with the reasons given, and the form is right: it must succeed. */
  promised: boolean }

/** Something that the engine said and the server did not do, or the other way round. */
export type Broken = { step: number; what: string }

export type Walk = { process: string; covered: Map<string, number>; possible: readonly string[]; broken: Broken[]
  steps: number }

export type Walker = {
  at: TestCompany
  /** One for each role, by role. */
  staff: Readonly<Record<string, Actor>>
  /** Records of each process that other forms may name. */
  records: Record<string, string[]>
  /** Values that a creation cannot make up, by process. */
  given?: Readonly<Record<string, (walker: Walker) => Promise<Record<string, unknown>>>>
  /** Records that have come far already, by process: walks go on from these as well. */
  begun?: Readonly<Record<string, readonly string[]>>
}

const actionsOf = (process: AnyProcess): [string, Action][] => [...Object.keys(process.actions), 'edit']
  .flatMap((name): [string, Action][] => {
    const action = actionOf(process, name)
    return action ? [[name, action]] : []
  })

const key = (state: string | null, action: string, outcome: string) => `${state ?? '—'} ${action} ${outcome}`

const hasCustomers = (process: AnyProcess): boolean =>
  Object.values(process.actions).some((action) => action.by.includes('customer'))

/** Somebody of the walk whom an action refuses by role; nobody, where everybody at work and the machine may. */
function hasStranger(process: AnyProcess, { by }: Action): boolean {
  const doers: Doer[] = [...staff, 'system', ...(hasCustomers(process) ? ['customer' as const] : [])]
  return doers.some((doer) => !by.includes(doer))
}

/** Every (state, action, outcome) that the definition speaks of: branches, guards met, unmet and waived, forms. */
export function possibleOutcomes(process: AnyProcess): string[] {
  const states = [null, ...Object.keys(process.states).filter((name) => !process.states[name]!.retired)]
  return states.flatMap((state) => actionsOf(process).flatMap(([name, action]) =>
    outcomesOf(process, state, name, action).map((outcome) => key(state, name, outcome))))
}

function outcomesOf(process: AnyProcess, state: string | null, name: string, action: Action): string[] {
  const from = action.from === null ? [null] : action.from === 'any'
    ? Object.keys(process.states).filter((one) => process.states[one]!.kind !== 'void')
    : typeof action.from === 'string' ? [action.from] : action.from
  const edits = state === null ? [] : process.states[state]!.edits ?? []
  if (!(from as readonly (string | null)[]).includes(state) || (name === 'edit' && edits.length === 0)) {
    return ['wrong_state']
  }
  const stranger = hasStranger(process, action) ? ['wrong_role'] : []
  if (name === 'edit') return [...stranger, `ok ${state}`, 'bad_input', 'edit_conflict', 'no_change']
  const targets = action.to === undefined ? [state] : typeof action.to === 'string' ? [action.to]
    : action.to.map((branch) => branch.state)
  const guards = (action.when ?? []).flatMap((guard) => [`guard ${guard}`,
    ...(process.guards as Record<string, { or?: unknown }>)[guard]!.or ? [`waived ${guard}`] : []])
  return [...stranger, 'bad_input', ...new Set(targets.map((target) => `ok ${target}`)), ...guards]
}

const refused = (refusal: Refusal): string => (refusal.guard ? `${refusal.code} ${refusal.guard}` : refusal.code)
const outcomeOf = (decision: Decision | Outcome): string => {
  if (!decision.ok) return refused(decision.refusal)
  return `ok ${'to' in decision ? decision.to : decision.state}`
}
const fieldsAt = (refusal: Refusal | undefined): string[] =>
  (refusal?.fields ?? []).map(({ field, code }) => `${field} ${code}`).sort()

/** Walks one process, some steps for each outcome; what nobody has tried yet is tried first. */
export async function walk(walker: Walker, name: string, effort: number, seed: number): Promise<Walk> {
  const { at } = walker
  const chance = chanceOf(seed)
  const process = (await definitions(at))[name]!
  const possible = possibleOutcomes(process)
  const steps = Math.min(Math.ceil(possible.length * effort), stepsMost)
  const covered = new Map<string, number>()
  const tried = new Map<string, number>()
  const broken: Broken[] = []
  const states = new Map<string, string>()
  for (const begun of walker.begun?.[name] ?? []) {
    states.set(begun, (await load(at, system(), name, begun))!.head.state)
  }
  let id: string | null = null
  for (let step = 0; step < steps; step += 1) {
    if (chance.often(0.12)) at.app.now += Math.floor(chance.next() ** 3 * 4 * 86_400_000)
    const strike = id !== null && chance.often(0.3) ? await strikeTry(at, name, id) : null
    if (id !== null && chance.often(0.06)) await openChild(walker, id)
    const tries = strike ? [strike] : await triesAt(walker, process, id, chance)
    const { chosen, fresh } = choose(tries, covered, tried, possible, chance)
    const go = async (one: Try) => {
      count(tried, key(one.state, one.action, one.expected))
      const { reached, problems, now } = await attempt(walker, process, one)
      if (now) states.set(now.id, now.state)
      for (const what of problems) broken.push({ step, what: `${name}: ${what}` })
      const seen = [reached, ...(reached.startsWith('ok') ? one.waived.map((guard) => `waived ${guard}`) : [])]
      for (const outcome of seen) count(covered, key(one.state, one.action, outcome))
      return now
    }
    // What is refused changes nothing: of one look at a record several refusals are tried.
    for (const one of refusals(tries, chosen, covered, tried)) await go(one)
    const now = await go(chosen)
    id = nextRecord(now?.id ?? null, fresh, states, wantingStates(covered, possible), chance)
  }
  return { process: name, covered, possible, broken, steps }
}

const triesMost = 3
const stepsMost = 300

const refusalsMost = 6

/** Refusals that nobody has seen yet, each once, beside what was chosen. */
function refusals(tries: readonly Try[], chosen: Try, covered: ReadonlyMap<string, number>,
  tried: ReadonlyMap<string, number>): Try[] {
  const seen = new Set([key(chosen.state, chosen.action, chosen.expected)])
  return tries.filter((one) => {
    const wanted = key(one.state, one.action, one.expected)
    if (one.expected.startsWith('ok') || covered.has(wanted) || (tried.get(wanted) ?? 0) > 0 || seen.has(wanted)) return false
    seen.add(wanted)
    return true
  }).slice(0, refusalsMost)
}

/** What nobody has seen yet; else a step towards a state where something is left to see; else anything. */
function choose(tries: readonly Try[], covered: ReadonlyMap<string, number>, tried: ReadonlyMap<string, number>,
  possible: readonly string[], chance: Chance): { chosen: Try; fresh: boolean } {
  // A write that refuses what the engine would allow is tried a few times, not for ever.
  const unseen = (wanted: string) => !covered.has(wanted) && (tried.get(wanted) ?? 0) < triesMost
  const fresh = tries.filter((one) => unseen(key(one.state, one.action, one.expected))
    || one.waived.some((guard) => !covered.has(key(one.state, one.action, `waived ${guard}`))))
  // First everything that leaves the record where it is: what moves it on is there to be tried later too.
  const resting = fresh.filter(({ expected, state }) => !expected.startsWith('ok') || expected === `ok ${state}`)
  if (fresh.length > 0) {
    return { chosen: chance.pick(resting.length > 0 && chance.often(0.9) ? resting : fresh), fresh: true }
  }
  const wanting = wantingStates(covered, possible)
  const moving = tries.filter((one) => one.expected.startsWith('ok'))
  const better = moving.filter((one) => wanting.has(one.expected.slice(3)) && one.expected.slice(3) !== one.state)
  const known = better.length > 0 && chance.often(0.8) ? better : moving.length > 0 ? moving : tries
  return { chosen: chance.pick(known), fresh: false }
}

/** States in which something possible has not been seen yet; '—' is before the beginning. */
const wantingStates = (covered: ReadonlyMap<string, number>, possible: readonly string[]): Set<string> =>
  new Set(possible.filter((one) => !covered.has(one)).map((one) => one.split(' ')[0]!))

/** A to-do under the record, so that something is open below it. */
async function openChild({ at, staff: people, records }: Walker, parent: string): Promise<void> {
  const child = await at.act(people.coordinator!, 'task', 'create', null, { title: '下级待办', parent })
  if (child.ok) (records.task ??= []).push(child.id)
}

const count = (map: Map<string, number>, one: string) => map.set(one, (map.get(one) ?? 0) + 1)

/** Stays where something new was just seen; else goes on by chance, to a record where something is left, or anew. */
function nextRecord(id: string | null, fresh: boolean, states: ReadonlyMap<string, string>,
  wanting: ReadonlySet<string>, chance: Chance): string | null {
  const others = [...states].filter(([, state]) => wanting.has(state)).map(([other]) => other)
  if (id === null) return others.length > 0 && !wanting.has('—') ? chance.pick(others) : null
  if (chance.often(fresh ? 0.95 : wanting.has(states.get(id)!) ? 0.8 : 0.5)) return id
  return others.length > 0 && chance.often(wanting.has('—') ? 0.5 : 0.9) ? chance.pick(others) : null
}

async function definitions(at: TestCompany): Promise<Readonly<Record<string, AnyProcess>>> {
  return (await settingsNow(at)).definitions
}

const settingsNow = (at: TestCompany) => at.db.read(at.company.id, async (reader) => {
  const company = await readCompanyNow(reader)
  return effectiveSettings(at.app, reader, at.company.id, company.profile, company.revision)
})

const load = (at: TestCompany, actor: Actor, name: string, id: string): Promise<Case | null> =>
  at.db.read(at.company.id, (reader) => loadCase(at.ctx(actor), reader, name, id, false))

/** Who could try an action: somebody who may, somebody who matters to this record, and anybody. */
function actorsFor(walker: Walker, one: Case | null, process: AnyProcess, { by }: Action, chance: Chance): Actor[] {
  const everybody = Object.values(walker.staff)
  const involved = everybody.filter(({ id }) => one !== null
    && [one.head.handler, one.head.owner, one.head.author].includes(id))
  const doer = chance.pick(by)
  const customer: Actor[] = one === null ? [] : [{ kind: 'contact', id: uuidv7(), name: '客户', roles: ['customer'],
    link: { record: one.head.id, actions: Object.keys(process.actions) } }]
  const others = [...everybody, system(), ...(hasCustomers(process) ? customer : [])]
  const may = doer === 'system' ? [system()] : doer === 'customer' ? customer : [walker.staff[doer]!]
  return [...new Set([...may, ...(involved.length > 0 ? [chance.pick(involved)] : []), chance.pick(others),
    chance.pick(others)])]
}

/** What an actor faces, from one case as the machine sees it: the facts that hang on the actor are made anew. */
function situationFor(at: TestCompany, actor: Actor, one: Case): Situation {
  const ctx = at.ctx(actor)
  const own = one.noun.derive(one.head, one.values, ctx)
  return situationOf(ctx, { ...one, otherFacts: { ...one.otherFacts, ...own } })
}

async function triesAt(walker: Walker, process: AnyProcess, id: string | null, chance: Chance): Promise<Try[]> {
  const { at } = walker
  const noun = at.app.house.nouns[process.name]!
  const one = id === null ? null : await load(at, system(), process.name, id)
  const { limits } = await settingsNow(at)
  const given = id === null ? await walker.given?.[process.name]?.(walker) ?? {} : {}
  const state = one?.head.state ?? null
  return actionsOf(process).flatMap(([action, definition]) =>
    actorsFor(walker, one, process, definition, chance).flatMap((actor) => {
      const situation = one ? situationFor(at, actor, one)
        : { state: null, facts: newFacts(at.ctx(actor), noun, limits) }
      const plan = { actor, action, id, state, situation, given }
      return shapes.map((shape) => tryOf(walker, process, { ...plan, shape }, chance))
    }))
}

const shapes = ['valid', 'full', 'broken'] as const

type Plan = { actor: Actor; action: string; id: string | null; state: string | null; situation: Situation
  shape: (typeof shapes)[number]; given: Readonly<Record<string, unknown>> }

/** Makes up a form, and asks the engine alone what will come of it. */
function tryOf(walker: Walker, process: AnyProcess, plan: Plan, chance: Chance): Try {
  const { actor, action, id, state, situation, shape, given } = plan
  const world: World = { people: peopleOf(walker, process), files: [], now: walker.at.app.now,
    positions: Object.keys(walker.staff).map((role) => `p_${role}`), records: walker.records }
  const base = { actor, action, id, state, files: world.files }
  const definition = actionOf(process, action)!
  const needs = listsFor(definition.needs ?? {}, situation.facts)
  let input = action === 'edit' ? editOf(process, state, situation, shape, chance, world)
    : { ...validForm(needs, chance, world, shape === 'full'), ...(id === null ? given : {}) }
  const offered = offer(process, action, actor, situation)
  const waiving = offered.waivable && chance.often(0.7)
  if (shape === 'broken' && action !== 'edit') input = brokenForm(input, needs, chance)
  const waive = waiving ? { waive: offered.unmet.map((guard) => ({ guard, reason: '客户同意' })) } : {}
  const whole = { ...input, ...waive }
  const decision = decide(process, action, actor, situation, whole)
  return { ...base, input: whole, expected: outcomeOf(decision), fields: decision.ok ? [] : fieldsAt(decision.refusal),
    waived: decision.ok ? decision.waived.map(({ guard }) => guard) : [],
    promised: shape === 'full' && action !== 'edit' && (offered.refusal === null || waiving) }
}

/** A few people who may do something of their own here: forms name them, so that they meet as owner and handler. */
function peopleOf({ staff: people }: Walker, process: AnyProcess): string[] {
  const doers = Object.values(process.actions).filter(({ by }) => by.length < 6).flatMap(({ by }) => by)
  const few = Object.entries(people).filter(([role]) => (doers as readonly string[]).includes(role)).slice(0, 6)
  return (few.length > 0 ? few : Object.entries(people).slice(0, 6)).map(([, { id }]) => id!)
}

function editOf(process: AnyProcess, state: string | null, situation: Situation, shape: Plan['shape'],
  chance: Chance, world: World): Record<string, unknown> {
  const edits = state === null ? [] : process.states[state]!.edits ?? []
  if (edits.length === 0) return { title: ['a', 'b'] }
  const name = chance.pick(edits)
  const old = situation.values?.[name] ?? null
  const value = validValue(fieldsOf(process)[name]!, chance, world)
  if (shape === 'full') return { [name]: [chance.often(0.5) ? old : '别的旧值', value] }
  if (shape === 'broken') return chance.often(0.5) ? { [name]: [old, { junk: 1 }] } : { [name]: [old, old] }
  return { [name]: [old, value] }
}

/** The record's next strike, if its time has come: the machine takes it. */
async function strikeTry(at: TestCompany, name: string, id: string): Promise<Try | null> {
  const one = await load(at, system(), name, id)
  const next = one?.clocks.next
  if (!one || !next || next.at > at.app.now || one.head.kind === 'done' || one.head.kind === 'void') return null
  return { actor: system(), action: next.step === 'due' ? 'overdue' : 'warn', id, state: one.head.state, files: [],
    input: { clock: next.clock, step: next.step, due_at: new Date(next.at).toISOString() }, waived: [], fields: [],
    expected: `ok ${one.head.state}`, promised: true }
}

type Attempted = { reached: string; problems: string[]; now: { id: string; state: string } | null }

/** Does it, and compares what was said with what was done and with what is stored. */
async function attempt(walker: Walker, process: AnyProcess, one: Try): Promise<Attempted> {
  const { at } = walker
  const problems: string[] = []
  const say = (what: string) => problems.push(
    `${one.state} ${one.action} by ${one.actor.roles.join()} ${JSON.stringify(one.input)}: ${what}`)
  await addFiles(at, one)
  const before = one.id === null ? null : await load(at, system(), process.name, one.id)
  const hidden = one.id !== null && await load(at, one.actor, process.name, one.id) === null
  const expected = hidden ? 'not_found' : one.expected
  const outcome = await at.act(one.actor, process.name, one.action, one.id, one.input).catch((error: Error) => error)
  if (outcome instanceof Error) {
    say(`a fault: ${outcome.message}`)
    return { reached: 'fault', problems, now: one.id === null ? null : { id: one.id, state: before!.head.state } }
  }
  const reached = outcomeOf(outcome)
  const writes = process.actions[one.action]?.writes !== undefined
  const own = expected.startsWith('ok') && !outcome.ok && writes
  if (reached !== expected && !own) say(`the engine said ${expected}, the server did ${reached}`)
  if (!outcome.ok && !own && !hidden && fieldsAt(outcome.refusal).join() !== one.fields.join()) {
    say(`the engine named ${one.fields.join()}, the server ${fieldsAt(outcome.refusal).join()}`)
  }
  if (one.promised && !one.expected.startsWith('ok')) {
    say(`it was offered, but a whole form is ${one.expected}: ${one.fields.join()}`)
  }
  const id = outcome.ok ? outcome.id : one.id
  if (outcome.ok && one.id === null) (walker.records[process.name] ??= []).push(outcome.id)
  if (id === null) return { reached, problems, now: null }
  const after = await load(at, system(), process.name, id)
  if (!outcome.ok && after!.head.seq !== before!.head.seq) say('it was refused and yet written')
  for (const what of await clocksDiffer(at, after!)) say(what)
  return { reached: own ? `write ${reached}` : reached, problems, now: { id, state: after!.head.state } }
}

/** The head's due instant and strike and the timer's row, against a fold from the whole history. */
async function clocksDiffer(at: TestCompany, { head, clocks }: Case): Promise<string[]> {
  const open = head.kind === 'active' || head.kind === 'waiting'
  const next = open ? clocks.next : null
  const due = open && clocks.due_at !== null ? new Date(clocks.due_at).toISOString() : null
  const strike = next === null ? null : `${next.clock}:${next.step}:${next.at}`
  const [timer] = await at.db.read(at.company.id, (reader) => reader.query<{ due_at: string | null; clock: string | null
    step: string | null }>({ text: 'select due_at, clock, step from timer where record_id = $1', values: [head.id] }))
  const waits = timer?.due_at ? `${timer.clock}:${timer.step}:${Date.parse(timer.due_at)}` : null
  return [head.next_due_at === due ? '' : `next_due_at is ${head.next_due_at}, a fold says ${due}`,
    head.next_strike === strike ? '' : `next_strike is ${head.next_strike}, a fold says ${strike}`,
    waits === strike ? '' : `the timer waits for ${waits}, a fold says ${strike}`].filter(Boolean)
}

/** The files that a form names, as if this actor had just brought them. */
async function addFiles(at: TestCompany, { files, actor, input }: Try): Promise<void> {
  const named = files.filter((id) => JSON.stringify(input).includes(id))
  if (named.length === 0) return
  await at.db.transaction(at.company.id, async (tx) => {
    void tx.query({ text: `insert into file (company_id, id, sha256, name, type, size, uploaded_kind, uploaded_by,
      uploaded_for, created_at) select $1, f, $3, '照片.jpg', 'image/jpeg', 1, $4, $5, $6, $7 from unnest($2::uuid[]) f`,
      values: [at.company.id, named, 'ab'.repeat(32), actor.kind, actor.id, actor.link?.record ?? null,
        new Date(at.app.now)] })
    await tx.commit()
  })
}
