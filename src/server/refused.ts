import type { RefusalCode } from '../engine/refusal.ts'
import { own } from '../engine/define.ts'
import type { App, Ctx, RefusedLine } from './context.ts'
import { sql } from './db.ts'
import type { Outcome, Wish } from './run.ts'

/**
 * What the process refused people, for the process report: beside the chain, after the answer, never in the transaction
 * that refused. Lines wait for at most a second; a node that is killed loses those. Source:
 * docs/decisions/0071-what-was-refused.md
 */
const pauseMs = 1_000
const waitingMost = 500
const keptDays = 400
const keptMost = 50_000
const dayMs = 86_400_000

/** Ways of saying no that say something of how the work is done; a door that is shut or a typing error does not. */
const telling: readonly RefusalCode[] = ['wrong_state', 'guard', 'wrong_role', 'waiver_not_allowed', 'bad_input', 'not_enough',
  'edit_conflict']

export function noteRefusal(ctx: Ctx, wish: Wish, { refusal, state }: Extract<Outcome, { ok: false }>): void {
  const process = own(ctx.app.house.processes, wish.process)
  if (!ctx.app.refused || !process || !telling.includes(refusal.code)) return
  const action = own(process.actions, wish.action)
  if (!action && wish.action !== 'edit') return
  const fields = (refusal.fields ?? []).map(({ field }) => field.split('.')[0]!)
  ctx.app.refused({ company: ctx.company.id, process: wish.process, action: wish.action, record: wish.id,
    state: state ?? null, code: refusal.code,
    what: refusal.guard ?? [...new Set(fields)].slice(0, 10).join(',').slice(0, 200), at: ctx.now, actor: ctx.actor.id })
}

export type RefusedBook = { note(line: RefusedLine): void
  /** Writes what waits, now. */
  flush(): Promise<void>
  close(): Promise<void> }

/** Beyond what can wait, lines are dropped: somebody who tries a thousand times a second is no statistic. */
export function openRefusedBook(app: App): RefusedBook {
  let waiting: RefusedLine[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    const lines = waiting
    waiting = []
    if (lines.length > 0) {
      writing = writing.then(() => write(app, lines)).catch((error: Error) =>
        app.log.warn({ error: error.message, lines: lines.length }, 'refusals could not be kept'))
    }
    return writing
  }
  return {
    note(line) {
      if (waiting.length >= waitingMost) return
      waiting.push(line)
      timer ??= setTimeout(() => void flush(), pauseMs)
    },
    flush,
    close: flush,
  }
}

async function write(app: App, lines: readonly RefusedLine[]): Promise<void> {
  for (const company of new Set(lines.map((line) => line.company))) {
    const its = lines.filter((line) => line.company === company).map((line) => ({ ...line, at: new Date(line.at) }))
    await app.db.transaction(company, async (tx) => {
      void tx.query(sql`
        insert into refused (company_id, process, action, state, record_id, code, what, at, actor_id)
        select current_company(), x.process, x.action, coalesce(x.state, ''), x.record, x.code, x.what, x.at, x.actor
        from jsonb_to_recordset(${JSON.stringify(its)}::jsonb) as x (process text, action text, state text, record uuid,
          code text, what text, at timestamptz, actor uuid)`.named('keep_refused'))
      await tx.commit()
    })
  }
}

export async function sweepRefused(app: App): Promise<void> {
  await app.db.door(sql`select sweep_refused(${new Date(app.clock() - keptDays * dayMs)}, ${keptMost}::int)`
    .named('sweep_refused'))
}
