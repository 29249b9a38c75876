import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../../src/server/database-roles.ts'
import { examine } from '../../src/server/doctor.ts'
import { type Answer, type FaultStage, type NodeProcess, ask, faultDatabases, openFaultStage } from './stage.ts'

type Person = Awaited<ReturnType<FaultStage['person']>>

const rounds = Number(process.env['GONGDAN_FAULT_ROUNDS'] ?? 2)

/**
 * Three nodes of the real program on one PostgreSQL. GONGDAN_FAULT_ROUNDS makes it longer. What must hold: each effect
 * and each strike once, whoever works; a browser at any node hears of an act at any other; when the database or its
 * connections go, requests fail cleanly or wait, and the nodes go on by themselves afterwards.
 */
describe.each(faultDatabases())('several nodes on $name', (kind) => {
  let stage: FaultStage
  let nodes: NodeProcess[]
  let wang: Person
  let li: Person

  beforeAll(async () => {
    stage = await openFaultStage(kind)
    wang = await stage.person('王协调', 'coordinator')
    li = await stage.person('李工', 'bench_engineer')
    nodes = await Promise.all([stage.start(), stage.start(), stage.start()])
  }, 180_000)
  afterAll(() => stage.close())

  const create = (node: NodeProcess, key: string, input: object = {}) => ask(node, wang.secret, 'POST', '/api/task',
    { title: `多机 ${key}`, handler: li.id, ...input }, { 'idempotency-key': `request-${key}` })
  /** The same request until it is answered for good: what a client does. */
  const insist = async (node: () => NodeProcess, key: string): Promise<Answer> => {
    for (;;) {
      const answer = await create(node(), key)
      if (answer.status === 200 || answer.status === 201) return answer
      if (![0, 503].includes(answer.status)) throw new Error(`${key}: ${answer.status} ${answer.body}`)
      await sleep(50)
    }
  }
  const settled = async () => {
    await expect.poll(async () => (await stage.sql<{ n: number }>(`select (select count(*)::int from outbox
      where state in ('waiting', 'sending')) + (select count(*)::int from timer where due_at <= now()) as n`))[0]!.n,
      { timeout: 150_000, interval: 500 }).toBe(0)
  }
  const everythingOnce = async () => {
    expect(await stage.sql(`select record_id, action, input->>'clock' as clock, input->>'step' as step from event
      where action in ('warn', 'overdue') group by 1, 2, 3, 4 having count(*) > 1`)).toEqual([])
    expect(await stage.sql(`select o.record_id, o.seq, o.n from outbox o where o.kind = 'send' and o.state = 'done'
      and o.last_error is null and (select count(*) from notice x
        where x.effect_key = 'effect:' || o.record_id || ':' || o.seq || ':' || o.n)
        <> split_part(o.effect->>'result', ' ', 1)::int`)).toEqual([])
    const findings = await withClient(stage.database.superuser, examine)
    expect(findings.filter(({ found }) => found > 0)).toEqual([])
  }

  test('clocks and effects happen once, whichever node works', async () => {
    const due_at = new Date(Date.now() + 2_000).toISOString()
    await Promise.all(Array.from({ length: 30 }, (_one, n) => create(nodes[n % 3]!, `once-${n}`, { due_at })))
    await expect.poll(async () => (await stage.sql<{ n: number }>(
      `select count(*)::int as n from event where action = 'overdue'`))[0]!.n, { timeout: 60_000 }).toBe(30)
    await settled()
    await everythingOnce()
  })

  test('the same request at three nodes at once is one act', async () => {
    const answers = await Promise.all(nodes.map((node) => create(node, 'thrice')))
    expect(new Set(answers.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(1)
    expect(await stage.sql(`select 1 from record where title = '多机 thrice'`)).toHaveLength(1)
  })

  test('a browser at any node hears of an act at another', async () => {
    const heard = await Promise.all(nodes.map((node) => hearing(node, wang.secret)))
    const { id } = JSON.parse((await create(nodes[0]!, 'heard')).body) as { id: string }
    for (const stream of heard) await expect.poll(() => stream.text().includes(id), { timeout: 10_000 }).toBe(true)
    for (const stream of heard) stream.end()
  })

  test('cut connections and a killed database: nothing answered is lost, no node needs help', async () => {
    const acknowledged: string[] = []
    let stop = false
    const lanes = nodes.map(async (_node, lane) => {
      for (let n = 0; !stop; n += 1) {
        const answer = await insist(() => nodes[lane]!, `cut-${lane}-${n}`)
        acknowledged.push((JSON.parse(answer.body) as { id: string }).id)
      }
    })
    try {
      for (let round = 0; round < rounds; round += 1) {
        await grown(acknowledged, 15)
        await stage.sql(`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'gongdan%'`)
        await grown(acknowledged, 15)
        stage.database.kill()
        await sleep(300)
        await stage.database.start()
        await grown(acknowledged, 15)
      }
    } finally {
      stop = true
      await Promise.all(lanes)
    }
    expect(nodes.map(({ child }) => child.exitCode)).toEqual([null, null, null])
    const known = new Set((await stage.sql<{ id: string }>('select id from record')).map(({ id }) => id))
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([])
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    // Streams end once more when a node listens again, and a browser comes again, as browsers do.
    let tries = 0
    await expect.poll(async () => {
      const stream = await hearing(nodes[1]!, wang.secret)
      const { id } = JSON.parse((await create(nodes[2]!, `after-${tries += 1}`)).body) as { id: string }
      await sleep(1_500)
      stream.end()
      return stream.text().includes(id)
    }, { timeout: 30_000 }).toBe(true)
  }, 60_000 + rounds * 120_000)

  test('while the mail server is away letters wait, and go out once when it is back', async () => {
    await stage.sql(`update member set email = 'li@shop.example' where id = $1`, [li.id])
    const letters: string[] = []
    const port = 20_000 + process.pid % 20_000
    const mailing = await stage.start({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'desk@shop.example' })
    // The others have no mail: what they take is done without it.
    for (const { child } of nodes) child.kill('SIGSTOP')
    const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, _session, done) {
        let text = ''
        stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
        stream.on('end', () => {
          letters.push(text)
          done()
        })
      } })
    try {
      await create(mailing, 'mail')
      const waiting = () => stage.sql(`select 1 from outbox where state = 'waiting' and tries > 0
        and last_error ~ 'ECONNREFUSED'`)
      await expect.poll(async () => (await waiting()).length, { timeout: 30_000 }).toBeGreaterThan(0)
      await new Promise<void>((settle) => { smtp.listen(port, '127.0.0.1', settle) })
      await stage.sql(`update outbox set next_at = now() where state = 'waiting'`)
      // What the stopped nodes had in hand stays theirs; every letter that was refused has gone.
      await expect.poll(async () => letters.length > 0 && (await waiting()).length === 0, { timeout: 30_000 }).toBe(true)
      // A long header is folded: the id may stand on the next line.
      const ids = letters.map((text) => /^message-id:\s*(<\S+>)/im.exec(text)?.[1])
      expect(ids).not.toContain(undefined)
      expect(new Set(ids).size).toBe(ids.length)
    } finally {
      for (const { child } of nodes) child.kill('SIGCONT')
      await mailing.stop('SIGTERM')
      await new Promise<void>((settle) => { smtp.close(settle) })
    }
  }, 120_000)

  test('a node that is killed leaves its work to the others', async () => {
    await Promise.all(Array.from({ length: 20 }, (_one, n) => create(nodes[n % 3]!, `left-${n}`)))
    await nodes[0]!.stop('SIGKILL')
    // What the living have in hand is soon done; what is left is the dead one's, as when its lease has run out.
    await sleep(5_000)
    await stage.sql(`update outbox set leased_until = now() where state = 'sending'`)
    await stage.sql('update timer set leased_until = now() where leased_until is not null')
    await settled()
    await everythingOnce()
    expect((await create(nodes[1]!, 'goes-on')).status).toBeLessThan(300)
  }, 200_000)

  test('asked to end, a node finishes what it has begun and says nothing wrong', async () => {
    const answers = Array.from({ length: 10 }, (_one, n) => create(nodes[1]!, `last-${n}`))
    await sleep(30)
    const code = await nodes[1]!.stop('SIGTERM')
    expect(code).toBe(0)
    for (const answer of await Promise.all(answers)) expect([200, 201, 503, 0]).toContain(answer.status)
    expect((await create(nodes[2]!, 'still-there')).status).toBeLessThan(300)
  }, 60_000)
})

const grown = async (list: readonly string[], by: number) => {
  const before = list.length
  await expect.poll(() => list.length - before, { timeout: 90_000 }).toBeGreaterThanOrEqual(by)
}

/** One browser's stream, gathered as text. */
async function hearing(node: NodeProcess, secret: string): Promise<{ text(): string; end(): void }> {
  const ending = new AbortController()
  const answer = await fetch(`${node.url}/api/live`, { headers: { authorization: `Bearer ${secret}` },
    signal: ending.signal })
  let text = ''
  void (async () => {
    for await (const chunk of answer.body!) text += Buffer.from(chunk as Uint8Array).toString()
  })().catch(() => {})
  return { text: () => text, end: () => ending.abort() }
}
