import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { wordsOf } from '../../src/words/index.ts'
import type { Actor, App, Company, Ctx } from '../../src/server/context.ts'
import { openDatabase } from '../../src/server/db.ts'
import { startLive } from '../../src/server/live.ts'
import { startOutbox } from '../../src/server/outbox.ts'
import { smtpMail } from '../../src/server/ports/mail.ts'
import { type Done, run } from '../../src/server/run.ts'
import { startTimers } from '../../src/server/timers.ts'
import { house } from '../company.ts'
import { fakePorts } from '../after-commit.ts'

/** A small server: acts in a loop and says each act that was answered, until it is killed. Its life is an argument. */
export type Life = { database: ClientConfig; company: Company; wang: Actor; li: Actor; smtp: string; name: string }

const lanes = 3
const leaseMs = 1_500
const life = JSON.parse(process.argv[2]!) as Life
const db = openDatabase(life.database)
const log = { info() {}, warn() {}, error() {} }
const live = startLive(db, log)
const app: App = { db, house, clock: () => Date.now(), changed: live.changed, log }
const ports = { ...fakePorts(), mail: smtpMail(life.smtp, 'desk@shop.example') }
const outbox = startOutbox(app, ports, { leaseMs })
const timers = startTimers(app, { leaseMs })
live.follow((change) => {
  if (change.effects) outbox.wake()
  if (change.strike !== null) timers.wake(change.strike)
})

const ctx = (actor: Actor): Ctx =>
  ({ app, company: life.company, actor, now: Date.now(), via: 'api', words: wordsOf('zh') })

/** As a client does: the same key until there is an answer. */
async function insist(actor: Actor, action: string, id: string | null, input: object, key: string): Promise<Done> {
  for (;;) {
    try {
      const outcome = await run(ctx(actor), { process: 'task', action, id, input, key })
      if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`)
      writeSync(1, `${outcome.id} ${outcome.seq} ${action}\n`)
      return outcome
    } catch (error) {
      if ((error as Error).message.startsWith('refused')) throw error
      await sleep(50)
    }
  }
}

async function lane(number: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const key = `${life.name}:${number}:${n}`
    const due_at = new Date(Date.now() + 300).toISOString()
    const parent = await insist(life.wang, 'create', null, { title: `单${key}`, handler: life.li.id, due_at },
      `${key}:p`)
    const child = await insist(life.wang, 'create', null, { title: `子${key}`, handler: life.li.id, parent: parent.id },
      `${key}:c`)
    await insist(life.li, 'finish', child.id, { result: '已办', follow_up: `后续${key}` }, `${key}:f`)
    await sleep(5)
  }
}

for (let number = 0; number < lanes; number += 1) {
  lane(number).catch((error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  })
}
