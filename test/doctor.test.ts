import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../src/server/database-roles.ts'
import { clocksOfAll, examine, examineNouns } from '../src/server/doctor.ts'
import { flowOfAll } from '../src/server/reports/flow-check.ts'
import type { Done } from '../src/server/run.ts'
import { type TestCompany, house, openTestCompany } from './company.ts'
import { testDatabases } from './databases.ts'

/** What somebody with the owner's rights could do to a database, and what the doctor says of it. */
const harms: readonly { harm: string; says: string; sql: string }[] = [
  { harm: 'a deadline moved by hand', says: 'every clock equals its recomputation',
    sql: `update record set next_due_at = next_due_at + interval '1 hour' where id = $1` },
  { harm: 'a timer taken away', says: 'the timer waits for the strike that the record names',
    sql: 'update timer set due_at = null, clock = null, step = null where record_id = $1' },
  { harm: 'a counter set on', says: 'numbers run without gaps',
    sql: `update number_counter set last = last + 1 where process = 'task' and $1::uuid is not null` },
  { harm: 'an end without its time', says: 'closed exactly when done or void',
    sql: 'update record set closed_at = now() where id = $1' },
  { harm: 'an event dated before its predecessor', says: 'an event happened no earlier than the one before it',
    sql: `update event set at = at - interval '1 day' where record_id = $1 and seq = 2` },
  { harm: 'a noun without its row', says: 'every task has its row', sql: 'delete from task where id = $1' },
  { harm: 'an effect given up in silence', says: 'every effect given up has its task',
    sql: `update outbox set state = 'dead' where record_id = $1` },
  { harm: 'a sum of the process report changed', says: 'sums of what happened equal the events',
    sql: `update flow_day set n = n + 1 where $1::uuid is not null` },
]

type Patient = { at: TestCompany; id: string }

/** A company with one task that has a handler, a clock and an effect. */
async function openPatient(kind: ReturnType<typeof testDatabases>[number]): Promise<Patient> {
  const at = await openTestCompany(kind)
  const wang = await at.person('王协调', 'coordinator')
  const li = await at.person('李工', 'bench_engineer')
  const { id } = (await at.act(wang, 'task', 'create', null, { title: '看看数据库', handler: li.id })) as Done
  await at.act(wang, 'task', 'note', id, { note: '已催' })
  await at.db.transaction(at.company.id, async (tx) => {
    await tx.query({ text: 'select fold_flow(array(select id from record))' })
    await tx.commit()
  })
  return { at, id }
}

const look = ({ at }: Patient) => withClient(at.database.owner, async (client) => {
  const findings = [...await examine(client), ...await examineNouns(client, { task: 'task' }),
    await clocksOfAll(client, { ...at.app, house }),
    await flowOfAll(client, at.app)]
  return findings.filter(({ found }) => found > 0).map(({ check }) => check)
})

describe.each(testDatabases())('the doctor on $name', (kind) => {
  let patient: Patient

  beforeAll(async () => { patient = await openPatient(kind) })
  afterAll(() => patient.at.close())

  test('finds nothing in a database that only the program wrote', async () => {
    expect(await look(patient)).toEqual([])
  })

  test.each(harms)('finds $harm', async ({ says, sql }) => {
    const harmed = await openPatient(kind)
    try {
      await withClient(harmed.at.database.superuser, (client) => client.query(sql, [harmed.id]))
      expect(await look(harmed)).toContain(says)
    } finally {
      await harmed.at.close()
    }
  })

  test('the database itself refuses a state without its event, a hole and a second past', async () => {
    await withClient(patient.at.database.owner, async (client) => {
      await expect(client.query(`update record set state = 'done', kind = 'done' where id = $1`, [patient.id]))
        .rejects.toThrow(/record_event/)
      await expect(client.query('delete from event where record_id = $1 and seq = 1', [patient.id]))
        .rejects.toThrow(/event_chain|foreign key/)
      await expect(client.query(`update event set to_state = 'done' where record_id = $1 and seq = 1`, [patient.id]))
        .rejects.toThrow(/event_chain|foreign key/)
    })
    await expect(patient.at.db.transaction(patient.at.company.id, (tx) => tx.query({ text: 'delete from event' })))
      .rejects.toThrow(/permission denied/)
    await expect(patient.at.db.transaction(patient.at.company.id, (tx) => tx.query({ text: `update event set input = '{}'` })))
      .rejects.toThrow(/permission denied/)
  })
})
