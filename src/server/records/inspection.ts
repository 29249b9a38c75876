import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Ctx } from '../context.ts'
import { dateIn } from '../company-time.ts'
import { endOfDay } from '../contracts/days.ts'
import { type ServiceLine, linesOf } from '../contracts/lines.ts'
import { type Tx, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 例检单 */
export const inspection: Noun = {
  table: 'inspection',
  columns: ['contract', 'contract_number', 'service_class', 'software_standard', 'planned_on', 'due_at', 'backup',
    'agreed_at', 'agreed_place', 'met_whom', 'systems', 'known_problem', 'prepared', 'downtime', 'window_from_at',
    'window_to_at', 'window_agreed_by', 'departure', 'arrived_at', 'visited_on', 'scope_confirmed', 'outside',
    'outside_answer', 'temperature', 'voltage', 'humidity', 'placement', 'environment_told', 'checks', 'software_tests',
    'findings', 'test_result', 'open_problems', 'work_done', 'signing', 'unsigned_because', 'satisfaction',
    'potential_need', 'finished_at', 'faulty_parts', 'returned_at', 'answers', 'course', 'insights', 'suggestions',
    'customer_state'],
  json: ['departure', 'checks', 'software_tests', 'findings', 'faulty_parts'],
  number: { prefix: 'LJ', period: 'year', digits: 4 },
  derive: (_head, values) => ({ software_standard: text(values.software_standard) }),
  search: ['contract_number', 'agreed_place', 'known_problem', 'work_done', 'open_problems', 'potential_need'],
  erases,
  writes: {
    open,
    async replan(ctx, _tx, act) {
      act.set('due_at', endOfDay(ctx, String(act.input.planned_on)))
      return null
    },
    async arrive(ctx, _tx, act) {
      const at = text(act.input.arrived_at) ?? act.at
      act.set('arrived_at', at)
      act.set('visited_on', dateIn(ctx.company.time_zone, Date.parse(at)))
      return null
    },
    async find(_ctx, _tx, act) {
      const { finding, finding_kind, message, consent_by, done_about, explained, next_step, next_by_at } = act.input
      const before = Array.isArray(act.values.findings) ? act.values.findings as object[] : []
      act.set('findings', [...before, { finding, finding_kind, message, consent_by, done_about, explained, next_step,
        next_by_at }])
      return null
    },
    async finish(_ctx, _tx, act) {
      act.set('finished_at', act.at)
      return null
    },
    async hand_in(_ctx, _tx, act) {
      act.set('returned_at', act.at)
      return null
    },
  },
}

/** Who agreed to a remedy stands in the list of findings as well. */
async function erases(_ctx: Ctx, _tx: Tx, act: Act): Promise<Refusal | null> {
  if (!(act.input.erased_fields as string[]).includes('consent_by') || !Array.isArray(act.values.findings)) return null
  act.set('findings', (act.values.findings as { consent_by?: string }[]).map(({ consent_by: _who, ...rest }) => rest))
  return null
}

type ContractRow = { contract_number: string | null; number: string; title: string; customer: string | null
  state: string; engineer: string | null; backup_engineer: string | null; software_standard: string | null
  services: unknown; owner: string | null }

/** The class under which it is a visit: that of the line that promises inspections, else the first one. */
const classOf = (lines: readonly ServiceLine[]): string => (lines.find((one) => one.inspection_months !== undefined)
  ?? lines.find((one) => one.includes?.includes('inspection')) ?? lines[0])?.service_class ?? 'maintenance'

/** Customer, engineers and standard are the contract's; an order that comes by itself is one of a contract in force. */
async function open(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const [row] = await tx.query<ContractRow>(sql`
    select c.contract_number, r.number, r.title, r.customer, r.state, c.engineer, c.backup_engineer, c.software_standard,
      c.services, r.owner
    from record r join contract c on c.company_id = r.company_id and c.id = r.id
    where r.id = ${act.input.contract} and r.process = 'contract'`.named('contract_to_inspect'))
  if (!row || row.state !== 'active') return { code: 'bad_input', fields: [fail('contract', 'not_an_option')] }
  act.setHead('title', row.title)
  act.setHead('customer', row.customer)
  act.setHead('owner', row.owner)
  act.setHead('handler', row.engineer)
  act.setHead('team', 'supervisor')
  act.set('backup', row.backup_engineer)
  act.set('contract_number', row.contract_number ?? row.number)
  act.set('software_standard', row.software_standard)
  act.set('service_class', classOf(linesOf(row.services)))
  act.set('due_at', endOfDay(ctx, String(act.input.planned_on)))
  act.set('findings', [])
  return null
}
