import { infiniteQueryOptions } from '@tanstack/react-query'
import type { TimelineView } from '../../../server/views.ts'
import { ask, queryText } from '../../api.ts'

export const shows = ['all', 'cases', 'visits', 'complaints', 'opinions', 'documents', 'money', 'notes'] as const
export type Show = (typeof shows)[number]

/** What the page of a customer carries in its address. `contact`, `site`: the one that lies open, or 'new'. */
export type CustomerSearch = { do?: string; why?: string; all?: true; show?: Show; add?: string; contact?: string
  how?: 'drop' | 'erase'; site?: string; erase?: true }
export type SetSearch = (patch: CustomerSearch) => void

const minute = 60_000

/** Pages of the timeline. Many processes move it: it is asked again now and then, and after each act on the page. */
export const timelineQuery = (customer: string, show: Show) => infiniteQueryOptions({
  queryKey: ['list', 'customer', 'timeline', customer, show], refetchInterval: minute,
  queryFn: ({ signal, pageParam }) => ask<TimelineView>(`/api/customers/${customer}/timeline?${queryText({
    show, cursor: pageParam })}`, { signal }),
  initialPageParam: null as string | null, getNextPageParam: (last: TimelineView) => last.cursor,
})
