import { fieldsOf } from '../../engine/define.ts'
import type { Case } from '../case.ts'
import type { Ctx } from '../context.ts'
import { inspectionDates } from '../contracts/lines.ts'
import { type Reader, sql } from '../db.ts'
import { partiesOf, signatureOf } from './around.ts'
import { namesOf, wallClock } from './page.ts'
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

/** The machines that a contract covers, in the order of their numbers: by name, by their site, or all of the customer. */
const coveredMachines = (reader: Reader, contract: string, customer: string | null, all: boolean) =>
  reader.query<Listed>(sql`
    select concat_ws(' ', m.brand, m.model) as name, coalesce(m.serial_number, '') as serial,
      coalesce(m.place, '') as place
    from record r join machine m on m.company_id = r.company_id and m.id = r.id
    where r.process = 'machine' and r.kind = 'active' and case when ${all}::boolean then r.customer = ${customer}::uuid
      else r.id = any(array((select c.machine from contract_cover c where c.contract = ${contract} and c.until is null
        limit ${machinesMost}) union (select a.id from contract_site v join machine a on a.company_id = v.company_id
        and a.site = v.site where v.contract = ${contract} and v.until is null limit ${machinesMost}))) end
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

/** What the customer may expect, as it was said when the task was opened. Source: S1-135. */
const taskSlip = (_ctx: Ctx, one: Case): Promise<object> => Promise.resolve({ entitled: text(one.values.entitled) })

type Finding = { finding: string; finding_kind: string; message?: string; consent_by?: string; done_about?: string
  explained?: string; next_step?: string; next_by_at?: string }

const findingWords: Readonly<Record<string, string>> = { known: '已处理', small_unclear: '带回模拟', unknown: '待查' }

/** What was found and what follows from it: the customer signs that the next step was told. Source: S1-184, S1-187. */
function findingsOf(ctx: Ctx, one: Case): string[][] {
  const findings = Array.isArray(one.values.findings) ? one.values.findings as Finding[] : []
  return findings.map((row) => [row.finding, findingWords[row.finding_kind] ?? '', [row.message, row.done_about,
    row.consent_by && `${row.consent_by}同意处理`, row.explained, row.next_step && `下一步：${row.next_step}`,
    row.next_by_at && `${wallClock(ctx, row.next_by_at)} 之前`].filter(Boolean).join('；')])
}

const answerWords: Readonly<Record<string, string>> = { pass: '通过', fail: '不通过', not_applicable: '不适用' }

/** What was gone through at the customer's, point by point; what was taken along is no matter of theirs. */
const pointsOf = ({ process, values }: Case) => ['checks', 'software_tests'].flatMap((name) => {
  const field = fieldsOf(process)[name]
  const given = (values[name] ?? {}) as Record<string, { answer: string; note?: string; zh?: string } | undefined>
  const points = field?.kind !== 'checklist' ? [] : field.items.flatMap(({ id, zh }) => {
    const one = given[id]
    return one ? [{ item: one.zh ?? zh, answer: one.answer, said: answerWords[one.answer] ?? '', note: one.note ?? '' }] : []
  })
  return points.length === 0 ? [] : [{ label: field!.zh, points }]
})

async function inspectionReport(ctx: Ctx, one: Case): Promise<object> {
  const [parties, names, signature] = await Promise.all([partiesOf(ctx, one), namesOf(ctx, one),
    signatureOf(ctx, one.head.id, ['finish'])])
  const { values } = one
  return { shop: shopOf(ctx, one), customer: parties.customer, signature, contract: text(values.contract_number),
    visited: text(values.visited_on), arrived: wallClock(ctx, text(values.arrived_at) || null),
    finished: wallClock(ctx, text(values.finished_at) || null), backup: names.get(text(values.backup)) ?? '',
    findings: findingsOf(ctx, one), lists: pointsOf(one) }
}

export const contractPapers = {
  'task-slip': { build: taskSlip },
  'inspection-report': { build: inspectionReport, for_customer: true },
  'machine-label': { build: machineLabel },
  'inspection-timetable': { build: inspectionTimetable, for_customer: true },
} as const
