import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ContractFileView, EntitlementView, LifeView, MachineFileView } from '../../../server/views-contracts.ts'
import { ask, queryText } from '../../api.ts'

/** Questions of these panels. Their keys begin with 'list', so that the stream of what moves makes them stale. */
export const contractQueries = {
  machine: (id: string) => queryOptions({ queryKey: ['list', 'machine', 'file', id],
    queryFn: ({ signal }) => ask<MachineFileView>(`/api/machines/${id}/life`, { signal }) }),
  entitlement: (machine: string, customer: string | null) => queryOptions({ queryKey: ['list', 'contract', 'entitled', machine,
    customer], queryFn: ({ signal }) => ask<EntitlementView>(`/api/entitlement?${queryText({ machine, customer: customer ?? undefined })}`,
    { signal }) }),
  life: (id: string, from: string) => infiniteQueryOptions({ queryKey: ['list', 'machine', 'life', id, from],
    queryFn: ({ signal, pageParam }) => ask<LifeView>(`/api/machines/${id}/life?${queryText({ before: pageParam })}`,
      { signal }), initialPageParam: from, getNextPageParam: (page: LifeView) => page.cursor, enabled: false }),
  contract: (id: string) => queryOptions({ queryKey: ['list', 'contract', 'file', id],
    queryFn: ({ signal }) => ask<ContractFileView>(`/api/contracts/${id}/file`, { signal }) }),
}
