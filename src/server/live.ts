import type { App, Change, Ctx } from './context.ts'
import { type Database, join as joinSql, sql } from './db.ts'
import { sightCondition, sightOf } from './policy.ts'
import type { LiveView } from './views.ts'

/**
 * What moved, told after the commit: to this node's workers at once, to every node's workers and browsers in one
 * notification for 50 ms. Inside the transactions it would make them wait for each other.
 */
export type Live = {
  /** What App.changed is. Never throws. */
  changed: (change: Change) => void
  /** Members who have new notices. */
  noticed: (company: number, members: readonly string[]) => void
  /** Hears every change of this node at once and of the others when they tell. Call the result to stop. */
  follow(hear: (change: Change) => void): () => void
  /** A browser that wants to know. Null: this person has as many as there may be. Call the result to leave. */
  join(app: App, listener: Listener): (() => void) | null
  /** Ends the streams of one member: signed out, changed positions, left. */
  endOf(company: number, member: string): void
  /** Ends the streams of this node: it takes no more requests. */
  endStreams(): void
  /** How many browsers listen to this node. */
  listeners(): number
  stop(): Promise<void>
}

/** One browser's stream. `tell` false: it does not keep up, and is given up. */
export type Listener = { ctx: Ctx; tell(views: readonly LiveView[]): boolean; end(): void }

const channel = 'gongdan_changed'
const gatherMs = 50
const payloadMost = 7_900
const gatheredMost = 20_000
const streamsOfPersonMost = 8
const streamsMost = 5_000
const askedAtOnceMost = 4
/** More at once than this is a flood (an import): looking afresh is cheaper than hearing of each. */
const viewsMost = 500

const lives = new WeakMap<App['changed'], Live>()

/** The live part of an app that was made with its `changed`; null in an app without. */
export const liveOf = (app: App): Live | null => lives.get(app.changed) ?? null

/** ['c', company, process, id, seq, effects, strike] or ['n', company, member]. */
type Message = ['c', number, string, string, number, 0 | 1, number | null] | ['n', number, string]

/** Starts to hear and to tell. */
export function startLive(db: Database, log: App['log']): Live {
  const followers = new Set<(change: Change) => void>()
  const audience = audienceOf(log)
  let gathered = new Map<string, Message>()
  let timer: NodeJS.Timeout | null = null
  const flush = async () => {
    timer = null
    const messages = [...gathered.values()]
    gathered = new Map()
    try {
      await db.door(sql`select pg_notify(${channel}, p) from unnest(${payloadsOf(messages)}::text[]) p`
        .named('notify_changed'))
    } catch (error) {
      log.warn({ error: (error as Error).message, changes: messages.length }, 'other nodes could not be told')
      audience.hear(messages)
    }
  }
  const gather = (key: string, message: Message) => {
    if (gathered.size >= gatheredMost && !gathered.has(key)) return
    gathered.set(key, merged(gathered.get(key), message))
    timer ??= setTimeout(() => void flush(), gatherMs)
  }
  const follow = (change: Change) => { for (const hear of followers) hear(change) }
  const stopListening = db.listen(channel, (payload) => {
    const messages = messagesOf(payload)
    for (const message of messages) if (message[0] === 'c') follow(changeOf(message))
    audience.hear(messages)
  }, () => audience.endAll())
  const live: Live = {
    changed(change) {
      follow(change)
      gather(`c:${change.id}`, ['c', change.company, change.process, change.id, change.seq, change.effects ? 1 : 0,
        change.strike])
    },
    noticed(company, members) {
      for (const member of members) gather(`n:${company}:${member}`, ['n', company, member])
    },
    follow(hear) {
      followers.add(hear)
      return () => { followers.delete(hear) }
    },
    join: audience.join,
    endStreams: audience.endAll,
    endOf: audience.endOf,
    listeners: audience.size,
    async stop() {
      audience.endAll()
      if (timer) clearTimeout(timer)
      if (gathered.size > 0) await flush()
      await stopListening()
    },
  }
  lives.set(live.changed, live)
  return live
}

function merged(before: Message | undefined, message: Message): Message {
  if (before?.[0] !== 'c' || message[0] !== 'c') return message
  const strikes = [before[6], message[6]].filter((at) => at !== null)
  return ['c', message[1], message[2], message[3], Math.max(before[4], message[4]), before[5] || message[5] ? 1 : 0,
    strikes.length > 0 ? Math.min(...strikes) : null]
}

/** Messages as JSON lists, each short enough for a notification (8000 bytes). */
export function payloadsOf(messages: readonly Message[]): string[] {
  const payloads: string[] = []
  let parts: string[] = []
  let size = 2
  for (const message of messages) {
    const part = JSON.stringify(message)
    const bytes = Buffer.byteLength(part) + 1
    if (size + bytes > payloadMost && parts.length > 0) {
      payloads.push(`[${parts.join(',')}]`)
      parts = []
      size = 2
    }
    parts.push(part)
    size += bytes
  }
  if (parts.length > 0) payloads.push(`[${parts.join(',')}]`)
  return payloads
}

/** Another version of the program, or a stranger on the database, may say anything. */
function messagesOf(payload: string): Message[] {
  try {
    const list = JSON.parse(payload) as unknown
    return Array.isArray(list) ? list.filter((one): one is Message =>
      Array.isArray(one) && (one[0] === 'c' || one[0] === 'n') && typeof one[1] === 'number') : []
  } catch {
    return []
  }
}

const changeOf = ([, company, process, id, seq, effects, strike]: Extract<Message, { 0: 'c' }>): Change =>
  ({ company, process, id, seq, effects: effects === 1, strike })

type Seat = { app: App; listener: Listener; person: string }

/** The browsers of this node, by company. */
function audienceOf(log: App['log']) {
  const seats = new Map<number, Set<Seat>>()
  const waiting = new Map<number, Map<string, Message>>()
  const pushing = new Set<number>()
  const leave = (seat: Seat) => { seats.get(seat.listener.ctx.company.id)?.delete(seat) }
  const dismiss = (seat: Seat) => {
    leave(seat)
    seat.listener.end()
  }
  const all = () => [...seats.values()].flatMap((company) => [...company])

  const push = async (company: number) => {
    if (pushing.has(company)) return
    pushing.add(company)
    try {
      for (let batch = waiting.get(company); batch && batch.size > 0; batch = waiting.get(company)) {
        waiting.delete(company)
        await tellAll([...seats.get(company) ?? []], [...batch.values()], dismiss)
      }
    } catch (error) {
      // Whoever was not told is asked to come again, and looks afresh.
      log.warn({ company, error: (error as Error).message }, 'browsers could not be told')
      for (const seat of seats.get(company) ?? []) dismiss(seat)
    } finally {
      pushing.delete(company)
    }
  }

  const endOf = (company: number, member: string) => {
    for (const seat of seats.get(company) ?? []) if (seat.listener.ctx.actor.id === member) dismiss(seat)
  }
  const hear = (messages: readonly Message[]) => {
    for (const message of messages) {
      const company = message[1]
      if (!seats.get(company)?.size) continue
      const batch = waiting.get(company) ?? new Map<string, Message>()
      waiting.set(company, batch)
      const key = message[0] === 'c' ? message[3] : `n:${message[2]}`
      batch.set(key, merged(batch.get(key), message))
      // A member whose rights moved must not go on with those of before.
      if (message[0] === 'c' && message[2] === 'member') endOf(company, message[3])
    }
    for (const company of waiting.keys()) void push(company)
  }
  const join = (app: App, listener: Listener): (() => void) | null => {
    const { company, actor } = listener.ctx
    const person = `${actor.kind}:${actor.id}`
    const here = seats.get(company.id) ?? new Set<Seat>()
    seats.set(company.id, here)
    const own = [...here].filter((seat) => seat.person === person).length
    if (own >= streamsOfPersonMost || all().length >= streamsMost) return null
    const seat = { app, listener, person }
    here.add(seat)
    return () => leave(seat)
  }
  return { hear, join, endOf, size: () => all().length, endAll() { for (const seat of all()) dismiss(seat) } }
}

/** Tells each person what they may see: people with the same eyes are asked about once. */
async function tellAll(seats: readonly Seat[], messages: readonly Message[], dismiss: (seat: Seat) => void):
  Promise<void> {
  const changes = messages.filter((message) => message[0] === 'c').map(changeOf)
  const noticed = new Set(messages.filter((message) => message[0] === 'n').map(([, , member]) => member))
  const groups = new Map<string, Seat[]>()
  for (const seat of seats) {
    const { roles, link } = seat.listener.ctx.actor
    const eyes = `${seat.person} ${roles.join(' ')} ${link?.record ?? ''}`
    groups.set(eyes, [...groups.get(eyes) ?? [], seat])
  }
  const people = [...groups.values()]
  for (let from = 0; from < people.length; from += askedAtOnceMost) {
    await Promise.all(people.slice(from, from + askedAtOnceMost).map(async (same) => {
      const { app, listener: { ctx } } = same[0]!
      const views: LiveView[] = (await seen(app, ctx, changes)).map(({ process, id, seq }) => ({ process, id, seq }))
      if (ctx.actor.id !== null && noticed.has(ctx.actor.id)) views.push({ notices: true })
      if (views.length === 0) return
      for (const seat of same) if (views.length > viewsMost || !seat.listener.tell(views)) dismiss(seat)
    }))
  }
}

/** The changes of records that exist for this person: one question for all whose answer is not plain. */
async function seen(app: App, ctx: Ctx, changes: readonly Change[]): Promise<Change[]> {
  const sights = new Map([...new Set(changes.map(({ process }) => process))]
    .map((process) => [process, sightOf(process, ctx.actor)] as const))
  const doubtful = changes.filter(({ process }) => Array.isArray(sights.get(process)))
  const asked = [...new Set(doubtful.map(({ process }) => process))].map((process) =>
    sql`(r.process = ${process} and ${sightCondition(sights.get(process)!)})`)
  const found = doubtful.length === 0 ? [] : await app.db.read(ctx.company.id, (reader) =>
    reader.query<{ id: string }>(sql`
      select r.id from record r where r.id = any(${doubtful.map(({ id }) => id)}::uuid[])
        and (${joinSql(asked, ' or ')})`))
  const ids = new Set(found.map(({ id }) => id))
  return changes.filter(({ process, id }) => sights.get(process) === 'all' || ids.has(id))
}
