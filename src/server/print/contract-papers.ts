import type { Case } from '../case.ts'
import type { Ctx } from '../context.ts'
import { inspectionDates } from '../contracts/lines.ts'
import { type Reader, sql } from '../db.ts'
import { partiesOf } from './around.ts'
import { namesOf } from './page.ts'
import { shopOf } from './shop.ts'

/** Papers of machines and contracts. */

const serialNotes: Readonly<Record<string, string>> = { none: '无序列号', unreadable: '序列号看不清' }
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What stays on a machine: what it is, where it stands, whom to ring. */
async function machineLabel(ctx: Ctx, one: Case): Promise<object> {
  const { values } = one
  return { shop: shopOf(ctx, one), machine: { name: [text(values.brand), text(values.model)].filter(Boolean).join(' '),
    serial: text(values.serial_number), note: serialNotes[text(values.serial_note)] ?? '', place: text(values.place) } }
}

const machinesMost = 200

type Listed = { name: string; serial: string; place: string }

/** The machines that a contract covers, in the order of their numbers: those of its list, or all of the customer. */
const coveredMachines = (reader: Reader, contract: string, customer: string | null, all: boolean) =>
  reader.query<Listed>(sql`
    select concat_ws(' ', m.brand, m.model) as name, coalesce(m.serial_number, '') as serial,
      coalesce(m.place, '') as place
    from record r join machine m on m.company_id = r.company_id and m.id = r.id
    where r.process = 'machine' and r.kind = 'active' and case when ${all}::boolean then r.customer = ${customer}::uuid
      else r.id = any(array(select c.machine from contract_cover c where c.contract = ${contract} and c.until is null
        limit ${machinesMost})) end
    order by r.number limit ${machinesMost}`.named(all ? 'covered_all' : 'covered_listed'))

async function inspectionTimetable(ctx: Ctx, one: Case): Promise<object> {
  const { values, head } = one
  const [parties, names, machines] = await Promise.all([partiesOf(ctx, one), namesOf(ctx, one),
    ctx.app.db.read(ctx.company.id, (reader) => coveredMachines(reader, head.id, head.customer, values.covers === 'all'))])
  const first = text(values.inspection_on)
  return { shop: shopOf(ctx, one), customer: parties.customer, contract: text(values.contract_number),
    term: `${text(values.starts_on)} 至 ${text(values.ends_on)}`, engineer: names.get(text(values.engineer)) ?? '',
    backup: names.get(text(values.backup_engineer)) ?? '', machines,
    dates: first === '' ? [] : inspectionDates(first, Number(values.inspection_months ?? 12), text(values.ends_on)) }
}

export const contractPapers = {
  'machine-label': { build: machineLabel },
  'inspection-timetable': { build: inspectionTimetable, for_customer: true },
} as const
