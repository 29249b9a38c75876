import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { CustomersReportView } from '../../../server/views-reports.ts'
import type { FlowView, RepairsView, ReportCaseView } from '../../../server/views.ts'
import { ask, queryText } from '../../api.ts'
import { dayOf } from '../../time.ts'

export type Behind = { cases: readonly ReportCaseView[]; more: boolean }
export type Asked = Record<string, string | undefined>

/** Live changes make every list old; a report is asked again when it is looked at, at most twice a minute. */
const staleMs = 30_000

export const reportQueries = {
  flow: (process: string, asked: Asked) => queryOptions({ queryKey: ['report', 'flow', process, asked], staleTime: staleMs,
    placeholderData: keepPreviousData, refetchInterval: 60_000,
    queryFn: ({ signal }) => ask<FlowView>(`/api/reports/flow/${process}?${queryText(asked)}`, { signal }) }),
  behind: (process: string, asked: Asked) => queryOptions({ queryKey: ['report', 'behind', process, asked], staleTime: staleMs,
    queryFn: ({ signal }) => ask<Behind>(`/api/reports/flow/${process}/cases?${queryText(asked)}`, { signal }) }),
  repairs: (asked: Asked) => queryOptions({ queryKey: ['report', 'repairs', asked], staleTime: staleMs,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ask<RepairsView>(`/api/reports/repairs?${queryText(asked)}`, { signal }) }),
  repairCases: (asked: Asked) => queryOptions({ queryKey: ['report', 'repair-cases', asked], staleTime: staleMs,
    queryFn: ({ signal }) => ask<Behind>(`/api/reports/repairs/cases?${queryText(asked)}`, { signal }) }),
  customers: (asked: Asked) => queryOptions({ queryKey: ['report', 'customers', asked], staleTime: staleMs,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ask<CustomersReportView>(`/api/reports/customers?${queryText(asked)}`, { signal }) }),
  customerCases: (asked: Asked) => queryOptions({ queryKey: ['report', 'customer-cases', asked], staleTime: staleMs,
    queryFn: ({ signal }) => ask<Behind>(`/api/reports/customers/cases?${queryText(asked)}`, { signal }) }),
}

/** Whole weeks, so that a product or a person is summed over the same days as everything. */
export const spans = ['1', '4', '13', '52', 'all'] as const
export type SpanWeeks = (typeof spans)[number]

const dayMs = 86_400_000

/** The Monday with which the last so many weeks begin; this week is one of them. */
export function fromOf(span: SpanWeeks, now: number, zone: string): string | undefined {
  if (span === 'all') return undefined
  const today = Date.parse(`${dayOf(now, zone)}T00:00:00Z`)
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * dayMs
  return new Date(monday - (Number(span) - 1) * 7 * dayMs).toISOString().slice(0, 10)
}
