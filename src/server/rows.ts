import type { AnyProcess } from '../engine/define.ts'
import { labelOf } from './answer.ts'
import type { Ctx } from './context.ts'
import { Fragment, type Row } from './db.ts'
import { roleLabel, stateView } from './record-view.ts'
import type { PersonView, RowView } from './views.ts'

/** A head row with the names of its people: what every list is made from. */
export type HeadRow = { id: string; process: string; number: string; title: string; seq: number; state: string
  owner: string | null; handler: string | null; author: string | null; team: string | null; owner_name: string | null
  handler_name: string | null; author_name: string | null; customer: string | null; customer_name: string | null
  machine: string | null; machine_name: string | null; next_action: string | null; owed_by: string | null
  next_due_at: string | null; opened_at: string
  changed_at: string; closed_at: string | null }

/** Columns of `r` and of the people joined by `peopleJoins`. */
export const rowColumns = new Fragment(`r.id, r.process, r.number, r.title, r.seq, r.state, r.owner, r.handler,
  r.author, r.team, r.next_action, r.owed_by, r.next_due_at, r.opened_at, r.changed_at, r.closed_at, po.name as owner_name,
  ph.name as handler_name, pa.name as author_name, r.customer, rc.title as customer_name, r.machine,
  rm.title as machine_name`, [])

/** People, customer and machine by name in the same statement: each row has at most five of them. */
export const peopleJoins = new Fragment(`
  left join member po on po.company_id = r.company_id and po.id = r.owner
  left join member ph on ph.company_id = r.company_id and ph.id = r.handler
  left join member pa on pa.company_id = r.company_id and pa.id = r.author
  left join record rc on rc.company_id = r.company_id and rc.id = r.customer
  left join record rm on rm.company_id = r.company_id and rm.id = r.machine`, [])

const person = (id: string | null, name: string | null): PersonView | null =>
  (id === null ? null : { id, name: name ?? '—' })

/** A row as people read it: labels in their language, what is due next and who owes it. */
export function rowView(ctx: Ctx, process: AnyProcess, row: HeadRow & Row): RowView {
  return {
    id: row.id, process: row.process, number: row.number, title: row.title, seq: row.seq,
    state: stateView(ctx, process, row.state), owner: person(row.owner, row.owner_name),
    handler: person(row.handler, row.handler_name), author: person(row.author, row.author_name), team: row.team,
    customer: person(row.customer, row.customer_name), machine: person(row.machine, row.machine_name),
    next: nextView(ctx, process, row), next_due_at: row.next_due_at, opened_at: row.opened_at,
    changed_at: row.changed_at, closed_at: row.closed_at,
  }
}

/** The step that is due, and the word for who owes it: a person's name, a role, or the customer. */
function nextView(ctx: Ctx, process: AnyProcess, row: HeadRow): RowView['next'] {
  const { next_action: next } = row
  if (next === null) return null
  const owed_by = row.owed_by ?? 'team'
  const name = owed_by === 'owner' ? row.owner_name : owed_by === 'handler' ? row.handler_name : null
  const shared = owed_by === 'team' || owed_by === 'owner' || owed_by === 'handler'
  const who = name ?? (owed_by === 'customer' ? ctx.words.say('label.customer')
    : roleLabel(ctx, shared ? row.team ?? owed_by : owed_by))
  return { action: next, label: labelOf(ctx.words, process, `action.${next}`), owed_by, who }
}
