import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { base } from '../src/regulations/base.ts'
import { loadCase } from '../src/server/case.ts'
import { type Actor, system } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { drainOutbox } from '../src/server/outbox.ts'
import { clocksAstray, recomputeClocks } from '../src/server/recompute.ts'
import { type Done, type Outcome, run } from '../src/server/run.ts'
import { drainTimers, startTimers } from '../src/server/timers.ts'
import { eventsOf, fakePorts, noticesTo, timerOf } from './after-commit.ts'
import { type TestCompany, addCompany, monday, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

const hour = 3_600_000
const iso = (at: number) => new Date(at).toISOString()
/** In Shanghai, of the week in which the tests begin. */
const tuesday = '2026-11-24'

describe.each(testDatabases())('clocks strike on $name', (kind) => {
  let at: TestCompany
  let wang: Actor
  let li: Actor
  let boss: Actor

  beforeAll(async () => {
    at = await openTestCompany(kind)
    wang = await at.person('王协调', 'coordinator')
    li = await at.person('李工', 'bench_engineer')
    boss = await at.person('赵主管', 'supervisor')
  })
  afterAll(() => at.close())
  beforeEach(() => { at.app.now = monday })
  afterEach(async () => {
    at.app.clock = () => at.app.now
    await owner('update timer set due_at = null')
    await owner('delete from settings_revision')
  })

  const owner = (text: string, values: unknown[] = []) =>
    withClient(at.database.superuser, (client) => client.query(text, values))
  const done = (outcome: Outcome): Done => {
    expect(outcome).toMatchObject({ ok: true })
    return outcome as Done
  }
  const create = async (input: object = {}) =>
    done(await at.act(wang, 'task', 'create', null, { title: '回电', handler: li.id, ...input })).id
  const strikes = async (id: string) => (await eventsOf(at, id))
    .filter(({ action }) => action === 'warn' || action === 'overdue' || action === 'chase')
    .map(({ action, input }) => [action, (input as { step?: string }).step].filter(Boolean).join(' '))
  /** The office is closed on Tuesday from revision 1 on. */
  const closeTuesday = (revision = 1) => owner(`insert into settings_revision (company_id, revision, overrides, change,
    why, made_at) values ($1, $2, $3, '{}', '停电', now())`, [at.company.id, revision, JSON.stringify({ calendars: {
    ...base.calendars, office: { ...base.calendars.office, exceptions: { ...base.calendars.office!.exceptions,
      [tuesday]: { close: 'all' } } } } })])
  const dueOf = async (id: string) => ((await owner('select next_due_at from record where id = $1', [id])).rows[0] as
    { next_due_at: Date }).next_due_at.toISOString()

  test('a strike is not lost when the clock of the machine is set back behind what was written', async () => {
    const due = monday + 3 * hour
    const id = await create({ due_at: iso(due) })
    at.app.now = due + hour
    done(await at.act(li, 'task', 'note', id, { note: '客户在外地' }))
    at.app.now = monday - hour
    await recomputeClocks(at.app, at.company)
    expect(await timerOf(at, id)).toMatchObject({ clock: 'by_date' })
    at.app.now = due + hour
    await drainTimers(at.app)
    expect(await strikes(id)).toContain('overdue due')
  })

  test('the warning, then the end, each told once and in its time; then the action that the clock names', async () => {
    const due = monday + 3 * hour
    const id = await create({ due_at: iso(due) })
    at.app.now = due - hour - 1
    expect(await drainTimers(at.app)).toBe(0)
    at.app.now = due - hour
    await Promise.all([drainTimers(at.app), drainTimers(at.app), drainTimers(at.app)])
    expect(await strikes(id)).toEqual(['warn soon'])
    at.app.now = due - 1
    expect(await drainTimers(at.app)).toBe(0)
    at.app.now = due
    await Promise.all([drainTimers(at.app), drainTimers(at.app), drainTimers(at.app)])
    expect(await strikes(id)).toEqual(['warn soon', 'overdue due'])
    expect(await timerOf(at, id)).toMatchObject({ due_at: null })
    await drainOutbox(at.app, fakePorts())
    expect(await strikes(id)).toEqual(['warn soon', 'overdue due', 'chase'])
    const told = (await noticesTo(at, li.id!)).filter(({ record_id }) => record_id === id)
    expect(told.map(({ template }) => template).sort())
      .toEqual(['clock_overdue', 'clock_warn', 'task_assigned', 'task_late'])
    expect(told.find(({ template }) => template === 'clock_overdue')!.params)
      .toMatchObject({ clock: 'by_date', due_at: iso(due) })
  })

  test('a deadline that nobody owes by name reaches the supervisor', async () => {
    const id = done(await at.act(wang, 'task', 'create', null, { title: '无人领取', due_at: iso(monday + hour) })).id
    at.app.now = monday + hour
    await drainTimers(at.app)
    await drainOutbox(at.app, fakePorts())
    expect((await noticesTo(at, boss.id!)).filter(({ record_id }) => record_id === id).map(({ template }) => template))
      .toContain('clock_overdue')
  })

  test('a claim that an act has overtaken does not strike', async () => {
    const finished = await create({ due_at: iso(monday + hour) })
    const postponed = await create({ due_at: iso(monday + hour) })
    const before = await Promise.all([timerOf(at, finished), timerOf(at, postponed)])
    done(await at.act(li, 'task', 'finish', finished, { result: '已回电' }))
    done(await at.act(wang, 'task', 'edit', postponed, { due_at: [iso(monday + hour), iso(monday + 30 * hour)] }))
    const moved = await timerOf(at, postponed)
    // The worker holds what it claimed before: the rows as they were.
    for (const [index, id] of [finished, postponed].entries()) {
      await owner('update timer set due_at = $2, clock = $3, step = $4 where record_id = $1',
        [id, before[index]!.due_at, before[index]!.clock, before[index]!.step])
    }
    at.app.now = monday + 2 * hour
    await drainTimers(at.app)
    expect(await strikes(finished)).toEqual([])
    expect(await strikes(postponed)).toEqual([])
    expect(await timerOf(at, finished)).toMatchObject({ due_at: null })
    expect(await timerOf(at, postponed)).toMatchObject({ due_at: moved!.due_at, leased_until: null })
  })

  test('only the machine strikes, and only what is due', async () => {
    const id = await create({ due_at: iso(monday + 5 * hour) })
    const input = { clock: 'by_date', step: 'due', due_at: iso(monday + 5 * hour) }
    expect(await at.act(boss, 'task', 'overdue', id, input)).toMatchObject({ refusal: { code: 'wrong_role' } })
    expect(await run(at.ctx(system()), { process: 'task', action: 'overdue', id, input }))
      .toMatchObject({ refusal: { code: 'stale' } })
  })

  test('nothing strikes while a history is brought in', async () => {
    const id = await create({ due_at: iso(monday + hour) })
    at.app.now = monday + 2 * hour
    await owner('update company set importing = true where company_id = $1', [at.company.id])
    expect(await drainTimers(at.app)).toBe(0)
    await recomputeClocks(at.app, at.company)
    expect(await timerOf(at, id)).toMatchObject({ due_at: null })
    await owner('update company set importing = false where company_id = $1', [at.company.id])
    await recomputeClocks(at.app, at.company)
    await drainTimers(at.app)
    expect(await strikes(id)).toEqual(['warn soon', 'overdue due'])
  })

  test('a company whose strikes cannot be read holds up no other, however often it fails, and strikes when it is well', async () => {
    const other = await addCompany(at.database, 's4')
    const otherOne = async (due: number) => done(await run({ ...at.ctx(system()), company: other }, { process: 'task',
      action: 'create', id: null, input: { title: '别家的事', due_at: iso(due) } })).id
    const struck = async (company: number) => (await owner(`select count(*)::int as n from event
      where company_id = $1 and action = 'overdue' and at >= $2`, [company, new Date(monday + hour)])).rows[0].n as number
    // More than one claim holds, and due before the other's.
    const before = await struck(at.company.id)
    await Promise.all(Array.from({ length: 120 }, () => create({ due_at: iso(monday + hour) })))
    const told: object[] = []
    const ill: typeof at.app = { ...at.app, clock: () => at.app.now, db: { ...at.db, read: (company, body) =>
      (company === at.company.id ? Promise.reject(new Error('not today')) : at.db.read(company, body)) },
      log: { ...at.app.log, error: (fields) => { told.push(fields) } } }
    for (let round = 1; round <= 3; round += 1) {
      await otherOne(monday + 2 * hour)
      at.app.now = monday + (2 + round) * hour
      await drainTimers(ill)
      expect(await struck(other.id)).toBe(round)
      expect(told.length).toBeGreaterThanOrEqual(round)
      at.app.now = monday
    }
    expect(told).toContainEqual({ company: at.company.id, error: 'not today' })
    expect(await struck(at.company.id)).toBe(before)
    at.app.now = monday + 6 * hour
    await drainTimers(at.app)
    expect(await struck(at.company.id)).toBe(before + 120)
  })

  test('a thousand that are due at once are told in batches, each once, by three workers', async () => {
    const due = monday + 10 * hour
    const ids: string[] = []
    for (let made = 0; made < 1_000; made += 50) {
      ids.push(...await Promise.all(Array.from({ length: 50 }, () => create({ due_at: iso(due) }))))
    }
    at.app.now = due
    const claimed = await Promise.all([drainTimers(at.app), drainTimers(at.app), drainTimers(at.app)])
    expect(claimed.reduce((sum, one) => sum + one, 0)).toBe(2_000)
    const { rows } = await owner(`select action, count(*)::int as n, count(distinct record_id)::int as records
      from event
      where record_id = any($1) and action in ('warn', 'overdue') group by action order by action`, [ids])
    expect(rows).toEqual([{ action: 'overdue', n: 1_000, records: 1_000 },
      { action: 'warn', n: 1_000, records: 1_000 }])
  }, 120_000)

  test('a running worker sleeps until the next strike and is woken by a nearer one', async () => {
    const begun = Date.now()
    at.app.clock = () => monday + (Date.now() - begun)
    const worker = startTimers(at.app)
    const first = await create({ due_at: iso(monday + hour + 400) })
    at.app.now = monday
    worker.wake(monday + 400)
    await expect.poll(() => strikes(first), { timeout: 2_000 }).toEqual(['warn soon'])
    await worker.stop()
  })

  test('a day that turns out closed moves the deadlines; a told breach is withdrawn and armed again', async () => {
    const early = await create()
    at.app.now = Date.parse('2026-11-25T02:00:00Z')
    await drainTimers(at.app)
    expect(await strikes(early)).toEqual(['warn soon', 'overdue due'])
    const late = await create({ due_at: iso(at.app.now + 9 * hour) })
    await closeTuesday()
    at.app.changes.length = 0
    const progress = await recomputeClocks(at.app, at.company)
    expect(progress.ended).toBe(true)
    expect(at.app.changes.map(({ id }) => id)).toContain(early)
    expect(at.app.changes.map(({ id }) => id)).not.toContain(late)
    expect(await dueOf(early)).toBe('2026-11-26T02:00:00.000Z')
    expect((await timerOf(at, early))!.due_at).toBe('2026-11-25T08:18:00.000Z')
    const one = await at.db.read(at.company.id, (reader) =>
      loadCase({ ...at.ctx(system()), now: at.app.now }, reader, 'task', early, false))
    expect(one!.clocks.views.find(({ clock }) => clock === 'by_default')!.steps)
      .toMatchObject([{ key: 'soon', struck: 'withdrawn' }, { key: 'due', struck: 'withdrawn' }])
    expect(await clocksAstray({ ...at.ctx(system()), now: at.app.now }, 'task', [early, late])).toEqual([])
    at.app.now = Date.parse('2026-11-26T02:00:00Z')
    await drainTimers(at.app)
    expect(await strikes(early)).toEqual(['warn soon', 'overdue due', 'warn soon', 'overdue due'])
  })

  test('a recomputation goes on where it stopped, and begins anew when the settings change meanwhile', async () => {
    const ids = await Promise.all(Array.from({ length: 230 }, () => create()))
    await closeTuesday()
    const begun = await recomputeClocks(at.app, at.company, { batches: 2 })
    expect(begun).toMatchObject({ ended: false })
    expect(begun.seen).toBeGreaterThanOrEqual(100)
    expect((await recomputeClocks(at.app, at.company, { resume: true, batches: 1 })).seen).toBe(begun.seen + 100)
    await Promise.all([recomputeClocks(at.app, at.company, { resume: true }),
      recomputeClocks(at.app, at.company, { resume: true }), at.act(li, 'task', 'note', ids[0]!, { note: '边算边记' })])
    const { rows } = await owner(`select count(*)::int as n from record where id = any($1)
      and next_due_at = '2026-11-26T02:00:00Z'`, [ids])
    expect(rows[0].n).toBe(230)
    expect(await recomputeClocks(at.app, at.company, { resume: true })).toMatchObject({ ended: true })
  })
})
