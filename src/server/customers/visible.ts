import { createHash } from 'node:crypto'
import type { AnyProcess } from '../../engine/define.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Row, type Statement, join, sql } from '../db.ts'
import { sightCondition, sightOf } from '../policy.ts'
import { stateView } from '../record-view.ts'
import type { Effective } from '../settings.ts'
import type { CaseView } from '../views.ts'

/** What no page of a customer shows as a case. */
export const notCases = ['customer', 'machine', 'site', 'member', 'undelivered'] as const

/** Which heads `r` are there for this reader: one condition over all processes in use, but for `without`. */
export function visible(ctx: Ctx, settings: Effective, without: readonly string[]): Fragment {
  const names = Object.keys(settings.definitions).filter((name) => !without.includes(name))
  const whole = names.filter((name) => sightOf(name, ctx.actor) === 'all')
  const narrow = names.filter((name) => !['all', 'none'].includes(sightOf(name, ctx.actor) as string))
  const ways = [sql`r.process = any(${whole}::text[])`, ...narrow.map((name) =>
    sql`(r.process = ${name}::text and ${sightCondition(sightOf(name, ctx.actor))})`)]
  return sql`(${join(ways, ' or ')})`
}

export const caseColumns = new Fragment(`r.id, r.process, r.number, r.title, r.state, r.customer, r.machine,
  r.next_due_at, r.opened_at, r.closed_at`, [])

export type CaseRow = Row & { id: string; process: string; number: string; title: string; state: string
  customer: string | null; machine: string | null; next_due_at: string | null; opened_at: string
  closed_at: string | null }

export function caseView(ctx: Ctx, definitions: Readonly<Record<string, AnyProcess>>, row: CaseRow): CaseView {
  const process = definitions[row.process]!
  const { id, number, title, customer, machine, next_due_at, opened_at, closed_at } = row
  return { id, process: row.process, label: labelOf(ctx.words, process, process.name), number, title,
    state: stateView(ctx, process, row.state), customer, machine, next_due_at, opened_at, closed_at }
}

/** A name for a statement whose text depends on the reader's roles: as many plans as there are kinds of readers. */
export const namedByText = (statement: Fragment, name: string): Statement =>
  statement.named(`${name}:${createHash('sha1').update(statement.text).digest('base64url').slice(0, 12)}`)
