import { type PaperKind, type ServiceClass, papers as paperKinds } from '../../processes/contracts/contract-fields.ts'
import { addMonths } from '../../processes/customers/warranty.ts'

/** A line of a contract as its form gives it. */
export type ServiceLine = { service_class: ServiceClass; includes?: readonly string[]; parts: 'free' | 'charged'
  labour: 'free' | 'charged'; travel: 'free' | 'charged'; onsite?: boolean; visits?: number; response_minutes?: number
  arrival_minutes?: number; restore_minutes?: number; calendar?: string; inspection_months?: number
  extended_until?: string; scope?: string; region?: string; vendor_number?: string; performed_by?: string
  provider?: string }

export const linesOf = (value: unknown): ServiceLine[] => (Array.isArray(value) ? value as ServiceLine[] : [])

/**
 * What a line means where it says nothing: distribution is done by the manufacturer and needs no visit; the calendar is
 * that of the office. Source: S1-003, S1-004, A21.
 */
export const withDefaults = (value: unknown): ServiceLine[] => linesOf(value).map((line) => {
  const distribution = line.service_class === 'distribution'
  return { ...line, onsite: line.onsite ?? !distribution, calendar: line.calendar ?? 'office',
    performed_by: line.performed_by ?? (distribution ? 'manufacturer' : 'us') }
})

/** The shortest interval of an inspection that a line names, in months; null: none is promised. */
export const shortestInspection = (lines: readonly ServiceLine[]): number | null => lines.reduce<number | null>(
  (best, { inspection_months: months }) => (months !== undefined && (best === null || months < best) ? months : best), null)

/** The planned day of the first stage that is not done; null: all are. */
export function firstUnfinished(stages: readonly { planned_on: string; done_on?: string | null }[]): string | null {
  return stages.filter(({ done_on }) => !done_on).map(({ planned_on }) => planned_on).toSorted()[0] ?? null
}

const always: readonly PaperKind[] = ['service_report']
const ofProject: readonly PaperKind[] = ['solution_design', 'delivery_note', 'installation_document',
  'maintenance_report', 'test_report', 'project_summary']

/**
 * The documents that the file of a contract should hold by its kind: a project all of them, a product its delivery note,
 * maintenance its reports. Source: S1-050; the completeness is counted, never typed.
 */
export function expectedPapers(values: Readonly<Record<string, unknown>>, filed: object):
  { expected: readonly PaperKind[]; missing: readonly PaperKind[] } {
  const expected = { integration: [...ofProject, 'bid_technical' as const, ...always], product: ['delivery_note' as const,
    ...always], maintenance: always, software: ['test_report' as const, ...always] }[String(values.contract_kind)] ?? always
  const known = expected.filter((paper) => paper in paperKinds)
  return { expected: known, missing: known.filter((paper) => !(paper in filed)) }
}

const datesMost = 40

/** Every day of inspection from the first on, an interval apart, to the end of the contract. */
export function inspectionDates(first: string, months: number, until: string): string[] {
  const dates: string[] = []
  for (let n = 0; n < datesMost; n += 1) {
    const date = addMonths(first, n * months)
    if (date > until) break
    dates.push(date)
  }
  return dates
}
