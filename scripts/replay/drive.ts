import { createHash, randomBytes } from 'node:crypto'
import type { LogCase, LogEvent, LogNames } from './event-log.ts'
import { type Form, type Mapping, type Source, type Step, fits, formOf } from './mapping.ts'

/** One request to the public API of a running server, with an import key. */
export type Api = (method: 'GET' | 'POST', path: string, body?: object, key?: string, seq?: number | null) =>
  Promise<{ status: number; body: Record<string, unknown> }>

/** An event that the process refused: what was tried where, and the server's own reason. It is kept as a note. */
export type Refused = { case: string; event: number; activity: string; phase: string; action: string
  state: string | null; code: string; reason: string; kept: boolean }

export type Driven = { cases: number; events: number; acts: number
  /** Events told by no step of the mapping, kept as notes. */
  untold: number
  refused: Refused[]
  /** Events that could not even be kept, with the reason. */
  lost: Refused[] }

/** Where a case stands: at which event of ours, and how many of the log were told. */
type Standing = { id: string | null; state: string | null; seq: number | null; told: number; ids: Record<string, string> }
type Answer = { ok: true; state: string; id: string; seq: number } | { ok: false; code: string; guard: string | null
  waivable: boolean; message: string }

const widthMost = 6

/**
 * Tells a log to the server as if people had done it: each case by itself and in its order, some cases at a time. The
 * same log told again changes nothing: every request has a key that stays the same, and names the event after which it
 * comes, so that what was refused the first time cannot be let through by what happened later.
 *
 * @throws Error when a record that the mapping asks for cannot be made: the mapping is wrong then, not the log
 */
export async function drive(api: Api, mapping: Mapping, log: AsyncIterable<LogCase>, names: LogNames): Promise<Driven> {
  const teller = new Teller(api, mapping, names, await checklistsOf(api, mapping.process))
  const busy = new Set<Promise<void>>()
  const last = new Map<string, Promise<void>>()
  for await (const one of log) {
    const turn: Promise<void> = (last.get(one.name) ?? Promise.resolve()).then(() => teller.tell(one))
    last.set(one.name, turn)
    const done = turn.finally(() => busy.delete(done))
    busy.add(done)
    if (busy.size >= widthMost) await Promise.race(busy)
  }
  await Promise.all(busy)
  return teller.driven
}

type Defined = { fields: readonly { name: string; items?: readonly { id: string }[] }[] }

async function checklistsOf(api: Api, process: string): Promise<Source['checklists']> {
  const { status, body } = await api('GET', `/api/definitions/${process}`)
  if (status !== 200) throw new Error(`the server has no process ${process}: ${status}`)
  return Object.fromEntries((body as unknown as Defined).fields.flatMap(({ name, items }) =>
    (items ? [[name, items.map(({ id }) => id)]] : [])))
}

class Teller {
  readonly driven: Driven = { cases: 0, events: 0, acts: 0, untold: 0, refused: [], lost: [] }
  private readonly standing = new Map<string, Standing>()
  private readonly shared = new Map<string, Promise<string>>()
  private readonly run: string
  private readonly api: Api
  private readonly mapping: Mapping
  private readonly names: LogNames
  private readonly checklists: Source['checklists']

  constructor(api: Api, mapping: Mapping, names: LogNames, checklists: Source['checklists']) {
    this.checklists = checklists
    this.api = api
    this.mapping = mapping
    this.names = names
    this.run = createHash('sha256').update(JSON.stringify(mapping)).digest('hex').slice(0, 16)
  }

  async tell(one: LogCase): Promise<void> {
    const { names, driven } = this
    const time = (event: LogEvent) => Date.parse(event[names.time] ?? '')
    const wrong = one.events.find((event) => Number.isNaN(time(event)))
    if (wrong) throw new Error(`case ${one.name} has an event without a time: ${JSON.stringify(wrong)}`)
    // Stable: events of one instant stay in the order of the file.
    const events = [...one.events].sort((a, b) => time(a) - time(b))
    const known = this.standing.get(one.name)
    if (!known) driven.cases += 1
    const standing: Standing = known ?? { id: null, state: null, seq: null, told: 0, ids: {} }
    this.standing.set(one.name, standing)
    for (const event of events) {
      driven.events += 1
      standing.told += 1
      await this.tellEvent(one, event, standing.told, standing)
    }
  }

  private async tellEvent(one: LogCase, event: LogEvent, n: number, standing: Standing): Promise<void> {
    const { mapping, names } = this
    const at = new Date(event[names.time]!).toISOString()
    const activity = mapping.activity ?? event[names.activity] ?? ''
    const phase = event[names.phase ?? ''] === 'start' ? 'start' : 'complete'
    const resource = event[names.resource ?? ''] ?? ''
    if (mapping.people && resource !== '') standing.ids.person = await this.person(resource)
    const source: Source = { attributes: one.attributes, event, at, ids: standing.ids, tables: mapping.tables ?? {},
      checklists: this.checklists }
    if (standing.id === null) await this.recordsOf(one, source, standing)
    const steps = mapping.activities[activity] ?? []
    const begins = steps.some((step) => step.in?.includes('') && fits(step, '', phase, source))
    const brought = { ...(standing.ids.person && { by: standing.ids.person }) }
    const key = `${this.run}:${one.name}:${n}`
    if (standing.id === null && !begins) {
      await this.act(mapping.create, source, standing, brought, `${key}:create`, one.name)
    }
    const told = { ...brought, activity, phase }
    let tried: { step: Step; answer: Extract<Answer, { ok: false }> } | null = null
    for (const [index, step] of steps.entries()) {
      if (!fits(step, standing.state, phase, source)) continue
      const answer = await this.act(step, source, standing, step.before ? brought : told, `${key}:${index}`, one.name)
      if (answer.ok && !step.before) return
      if (!answer.ok) tried = { step, answer }
      if (!answer.ok) break
    }
    if (!tried) this.driven.untold += 1
    await this.keep(source, standing, told, key, tried, { case: one.name, event: n, activity, phase })
  }

  /** What was refused or is told by no step stays in the record as a note, under the name that the log gives it. */
  private async keep(source: Source, standing: Standing, told: object, key: string,
    tried: { step: Step; answer: Extract<Answer, { ok: false }> } | null,
    what: Pick<Refused, 'case' | 'event' | 'activity' | 'phase'>): Promise<void> {
    const was = standing.state
    const kept = await this.act(this.mapping.keep, source, standing, told, `${key}:keep`, what.case)
    const line = (step: Step, { code, message }: Extract<Answer, { ok: false }>): Refused =>
      ({ ...what, action: step.action, state: was, code, reason: message, kept: kept.ok })
    if (tried) this.driven.refused.push(line(tried.step, tried.answer))
    if (!kept.ok) this.driven.lost.push(line(this.mapping.keep, kept))
  }

  private async act(step: Step, source: Source, standing: Standing, brought: object, key: string, name: string):
    Promise<Answer> {
    const form = { ...formOf(step.input ?? {}, source), at: source.at, brought,
      ...(standing.id === null && { old_number: name }) }
    const path = standing.id === null ? `/api/${this.mapping.process}?action=${step.action}`
      : `/api/${this.mapping.process}/${standing.id}/${step.action}`
    const answer = await this.send(path, form, key, standing.seq)
    if (!answer.ok && answer.waivable && answer.guard !== null && step.waive !== undefined) {
      const waived = await this.send(path, { ...form, waive: [{ guard: answer.guard, reason: step.waive }] },
        `${key}:waived`, standing.seq)
      return this.stand(standing, waived)
    }
    return this.stand(standing, answer)
  }

  private stand(standing: Standing, answer: Answer): Answer {
    if (answer.ok) Object.assign(standing, { id: answer.id, state: answer.state, seq: answer.seq })
    return answer
  }

  private async send(path: string, form: object, key: string, seq: number | null = null): Promise<Answer> {
    this.driven.acts += 1
    const { status, body } = await this.api('POST', path, form, createHash('sha256').update(key).digest('hex'), seq)
    if (status < 300) return { ok: true, state: String(body.state), id: String(body.id), seq: Number(body.seq) }
    const error = body.error as { code: string; guard?: string; waivable?: boolean; message: string
      fields?: { field: string; message: string }[] } | undefined
    if (!error || status >= 500) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    return { ok: false, code: error.code, guard: error.guard ?? null, waivable: error.waivable ?? false,
      message: error.fields?.length ? error.fields.map(({ message }) => message).join('；') : error.message }
  }

  /** Customer, machine and the like, made before the first event of the case. */
  private async recordsOf(one: LogCase, source: Source, standing: Standing): Promise<void> {
    for (const [name, { process, once, input }] of Object.entries(this.mapping.records ?? {})) {
      const whose = once === undefined ? one.name : String(formOf({ once }, source).once ?? '')
      standing.ids[name] = await this.made(`${name}:${whose}`, process, { ...formOf(input, source), at: source.at,
        old_number: whose })
    }
  }

  /** A record that is made once, whoever needs it first. */
  private made(key: string, process: string, form: Form): Promise<string> {
    const found = this.shared.get(key)
    if (found) return found
    const making = this.send(`/api/${process}`, form, `${this.run}:${key}`).then((answer) => {
      if (!answer.ok) throw new Error(`${process} for ${key}: ${answer.code} ${answer.message}`)
      return answer.id
    })
    this.shared.set(key, making)
    return making
  }

  /** The member of that name; somebody who is not here yet joins, with a password that nobody knows. */
  private person(resource: string): Promise<string> {
    const { position, prefix = '' } = this.mapping.people!
    const name = `${prefix}${resource}`.slice(0, 60)
    const key = `person:${name}`
    const found = this.shared.get(key)
    if (found) return found
    const finding = (async () => {
      const known = await this.api('GET', `/api/people?q=${encodeURIComponent(name)}`)
      const same = (known.body.people as { id: string; name: string }[] | undefined)?.find((one) => one.name === name)
      if (same) return same.id
      const login = `${name.normalize('NFKC').toLowerCase().replace(/[^\p{Script=Han}a-z0-9]+/gu, '.')}.${
        randomBytes(4).toString('hex')}`.slice(0, 40)
      const answer = await this.send('/api/member', { name, login, password: randomBytes(24).toString('base64url'),
        positions: [position] }, `${key}:${login}`)
      if (!answer.ok) throw new Error(`${name} cannot join: ${answer.code} ${answer.message}`)
      return answer.id
    })()
    this.shared.set(key, finding)
    return finding
  }
}
