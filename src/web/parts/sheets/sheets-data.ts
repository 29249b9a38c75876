import { queryOptions } from '@tanstack/react-query'
import type { SheetChangeView, SheetFaultView, SheetJobView, SheetKindView } from '../../../server/views-sheets.ts'
import { ask } from '../../api.ts'

const pollMs = 700

/** Does the server work on it, so that it will look different in a moment? */
export const isMoving = ({ state }: SheetJobView): boolean => ['reading', 'checking', 'writing'].includes(state)

export const sheetQueries = {
  all: () => queryOptions({ queryKey: ['sheets'],
    queryFn: ({ signal }) => ask<{ kinds: readonly SheetKindView[]; jobs: readonly SheetJobView[] }>('/api/sheets', { signal }) }),
  job: (id: string) => queryOptions({ queryKey: ['sheets', id],
    queryFn: ({ signal }) => ask<SheetJobView>(`/api/sheets/${id}`, { signal }),
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? pollMs : false) }),
  faults: (id: string, state: string) => ({ queryKey: ['sheets', id, 'faults', state], initialPageParam: 0,
    queryFn: ({ pageParam }: { pageParam: number }) => ask<{ faults: readonly SheetFaultView[]; more: boolean }>(
      `/api/sheets/${id}/faults?after=${pageParam}`),
    getNextPageParam: (page: { faults: readonly SheetFaultView[]; more: boolean }) =>
      (page.more ? page.faults.at(-1)?.line : undefined) }),
  changes: (id: string) => ({ queryKey: ['sheets', id, 'changes'], initialPageParam: 0,
    queryFn: ({ pageParam }: { pageParam: number }) => ask<{ changes: readonly SheetChangeView[]; more: boolean }>(
      `/api/sheets/${id}/changes?after=${pageParam}`),
    getNextPageParam: (page: { changes: readonly SheetChangeView[]; more: boolean }) =>
      (page.more ? page.changes.at(-1)?.line : undefined),
    // Another dry run may say otherwise.
    gcTime: 0, staleTime: 0 }),
}
