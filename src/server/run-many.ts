import { type Refusal, refuse } from '../engine/refusal.ts'
import { type Birth, type Link, type WriteLink, writeBirths, writeLink } from './chain.ts'
import type { Change, Ctx } from './context.ts'
import { type Row, type Statement, type Tx, brokenConstraint, isRetryable } from './db.ts'
import type { Noun } from './records/noun.ts'
import { type Replay, type Wish, attemptOnce, keysOf, replaysOf, retriesMost } from './run.ts'

/** All done in one transaction, or nothing written. `wish`: which was refused; null: only the database knows. */
export type Outcomes = { ok: true } | { ok: false; wish: Wish | null; refusal: Refusal }

/**
 * Several wishes in one transaction, each decided as `run` would decide it: all happen, or none. Creations of one
 * process are written by one statement. Of a part each wish is looked at before any is written, so that two which could
 * stand in each other's way (the same name, the same record) belong into two parts.
 *
 * @param beside what is written in the same transaction once all are done (that the rows of a sheet are)
 * Source: docs/decisions/0060-rows-in-batches.md, 0081-sheets-tell-the-planner.md.
 */
export async function runMany(ctx: Ctx, parts: readonly (readonly Wish[])[], beside?: (tx: Tx) => Promise<void>): Promise<Outcomes> {
  for (let attempt = 1; ; attempt += 1) {
    const changes: Change[] = []
    const inside: Ctx = { ...ctx, app: { ...ctx.app, changed: (change) => { changes.push(change) } } }
    try {
      const outcomes = await ctx.app.db.transaction(ctx.company.id, async (tx) => {
        for (const part of parts) {
          const refused = await attemptPart(inside, tx, part)
          if (refused) return refused
        }
        await beside?.(tx)
        await tx.commit()
        return { ok: true as const }
      })
      if (outcomes.ok) for (const change of changes) ctx.app.changed(change)
      return outcomes
    } catch (error) {
      if (brokenConstraint(error) !== null) return { ...refuse('taken'), wish: null }
      if (!isRetryable(error) || attempt >= retriesMost) throw error
    }
  }
}

async function attemptPart(ctx: Ctx, tx: Tx, wishes: readonly Wish[]): Promise<Extract<Outcomes, { ok: false }> | null> {
  const keys = wishes.map((wish) => keysOf(ctx, wish))
  const shared = sharing(tx, await tx.query<Known>(replaysOf(keys)))
  const born: Born[] = []
  const decided = waitFor(wishes.length)
  const seen: { refused: { wish: Wish; refusal: Refusal } | null; fault: unknown } = { refused: null, fault: null }
  const attempts = wishes.map((wish, at) => {
    let gathers = false
    const write: WriteLink = (own, link, noun, birth) => {
      if (birth === null) return writeLink(own, link, noun, null)
      gathers = true
      return new Promise((tell) => {
        born.push({ link, noun, birth, tell })
        decided.one()
      })
    }
    // Refused, done before, or an act on a record that is there: nothing of it is written with the others.
    const end = () => { if (!gathers) decided.one() }
    return attemptOnce(ctx, shared, wish, keys[at]!, write).then((outcome) => {
      if (!outcome.ok) seen.refused ??= { wish, refusal: outcome.refusal }
      end()
      return outcome
    }, (error: unknown) => {
      seen.fault ??= error
      end()
      return null
    })
  })
  await decided.all
  if (seen.fault !== null) throw seen.fault
  if (seen.refused) return { ok: false, ...seen.refused }
  if (born.length > 0) {
    const numbers = await writeBirths(tx, born.map(({ link }) => link), born[0]!.noun, born.map(({ birth }) => birth))
    for (const { link, tell } of born) tell(numbers.get(link.id)!)
  }
  await Promise.all(attempts)
  return null
}

type Born = { link: Link; noun: Noun; birth: Birth; tell: (number: string) => void }

function waitFor(count: number): { one(): void; all: Promise<void> } {
  let left = count
  let tell = () => {}
  const all = new Promise<void>((resolve) => { tell = resolve })
  if (count === 0) tell()
  return { all, one() {
    left -= 1
    if (left === 0) tell()
  } }
}

type Known = Replay & { request_key: Buffer }

/** What cannot have another answer within one transaction, or is held by a lock once it was asked. */
const askedOnce: readonly string[] = ['company_now', 'known_positions']
/** The same, of many ids by one statement: its one value is a list of ids, its rows say whose they are. */
const askedTogether: readonly string[] = ['customer_standing', 'known_records', 'known_people']

/** One transaction for many attempts: what was asked for all is not asked again, and no attempt ends it. */
function sharing(tx: Tx, replays: readonly Known[]): Tx {
  const known = new Map(replays.map((replay) => [replay.request_key.toString('hex'), replay]))
  const answers = new Map<string, Promise<Row[]>>()
  const together = asking(tx)
  const query = (statement: Statement): Promise<Row[]> => {
    const { name = '', values = [] } = statement
    if (name === 'replay') {
      const replay = known.get((values[1] as Buffer).toString('hex'))
      return Promise.resolve(replay ? [replay] : [])
    }
    if (askedTogether.includes(name)) return together(name, statement)
    if (!askedOnce.includes(name)) return tx.query(statement)
    const key = `${name} ${JSON.stringify(values)}`
    const answer = answers.get(key) ?? tx.query(statement)
    answers.set(key, answer)
    return answer
  }
  return { query: query as Tx['query'], commit: async () => {}, rollback: async () => {} }
}

/** Gathers the ids that statements of a name ask for in one turn of the program, and asks for each id once. */
function asking(tx: Tx): (name: string, statement: Statement) => Promise<Row[]> {
  const known = new Map<string, Promise<Map<string, Row>>>()
  const next = new Map<string, { ids: string[]; answer: Promise<Map<string, Row>> }>()
  const begin = (name: string, statement: Statement) => {
    const ids: string[] = []
    const answer = new Promise((resolve) => { setImmediate(resolve) }).then(async () => {
      next.delete(name)
      const rows = await tx.query<{ id: string }>({ ...statement, values: [ids] })
      return new Map<string, Row>(rows.map((row) => [row.id.slice(row.id.indexOf(':') + 1), row]))
    })
    // Whoever asked awaits it.
    answer.catch(() => {})
    next.set(name, { ids, answer })
    return next.get(name)!
  }
  return async (name, statement) => {
    const asked = statement.values![0] as string[]
    const found = await Promise.all(asked.map((id) => {
      const key = `${name} ${id}`
      const before = known.get(key)
      if (before) return before
      const batch = next.get(name) ?? begin(name, statement)
      batch.ids.push(id)
      known.set(key, batch.answer)
      return batch.answer
    }))
    return asked.flatMap((id, index): Row[] => (found[index]!.has(id) ? [found[index]!.get(id)!] : []))
  }
}
