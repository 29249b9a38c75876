import type { PersonView } from './views.ts'

/** Visits by what came of them: on their day, later, not yet though due, called off, still ahead. */
type VisitCounts = { kept: number; late: number; missed: number; dropped: number; ahead: number
  /** Of those whose day has come, the share that was made; null where there is none. */
  kept_share: number | null }

/** Customers by month, newest first, and visits by who makes them and the grade of the customer. */
export type CustomersReportView = { from: string | null; to: string | null
  months: readonly { month: string; made: number; lost: number; regained: number; merged: number; archived: number }[]
  visits: readonly (VisitCounts & { handler: PersonView | null; grade: string; grade_label: string })[]
  more: number; total: Omit<VisitCounts, 'kept_share'>; kept_share: number | null }
