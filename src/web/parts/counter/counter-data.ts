import { queryOptions } from '@tanstack/react-query'
import type { ContactView, CustomerFileView, CustomerView, DefinitionView, LookupRowView, LookupView, MachineStoryView,
  ScanView, SimilarView } from '../../../server/views.ts'
import { ask, queryText } from '../../api.ts'

/** Questions of the counter. Their keys begin with 'list', so that the stream of what moves makes them stale. */
export const counterQueries = {
  lookup: (q: string) => queryOptions({ queryKey: ['list', 'customer', 'lookup', q], staleTime: 5000,
    queryFn: ({ signal }) => ask<LookupView>(`/api/lookup?${queryText({ q })}`, { signal }) }),
  scan: (code: string) => queryOptions({ queryKey: ['list', 'machine', 'scan', code], staleTime: 5000,
    queryFn: ({ signal }) => ask<ScanView>(`/api/scan?${queryText({ code })}`, { signal }) }),
  similar: (name: string, phone: string) => queryOptions({ queryKey: ['list', 'customer', 'similar', name, phone],
    queryFn: ({ signal }) => ask<SimilarView>(`/api/customers/similar?${queryText({ name, phone })}`, { signal }) }),
  file: (customer: string) => queryOptions({ queryKey: ['list', 'customer', 'file', customer],
    queryFn: ({ signal }) => ask<CustomerFileView>(`/api/customers/${customer}/file`, { signal }) }),
  story: (machine: string) => queryOptions({ queryKey: ['list', 'machine', 'story', machine],
    queryFn: ({ signal }) => ask<MachineStoryView>(`/api/machines/${machine}/story`, { signal }) }),
}

/** What the counter goes on with after something was taken from the look-up. */
export type Taken = { customer: string; machine?: string; contact?: string } | { process: string; id: string }

const machineHits = ['serial', 'qr', 'number']

/** A case whose number was typed is opened; else the customer, with the machine or the contact that was hit. Pure. */
export function takenOf(row: LookupRowView): Taken | null {
  const by = row.hits[0]?.by ?? 'name'
  if (row.case && (by === 'number' || !row.customer)) return { process: row.case.process, id: row.case.id }
  if (!row.customer) return null
  return { customer: row.customer.merged_into ?? row.customer.id, contact: row.contact?.id,
    machine: machineHits.includes(by) ? row.machine?.id : undefined }
}

/** Somebody who can be called back. */
export type Caller = { name: string; phone: string }

/** Who stands at the counter, as far as it is known: the contact that was chosen, else the only way to reach them. */
export function callerOf(customer: CustomerView, contacts: readonly ContactView[], chosen: string | undefined):
  { id: string; caller: Caller | null } {
  if (chosen === 'other') return { id: 'other', caller: null }
  const known = contacts.filter((one) => one.active && one.name && one.phones.length > 0)
  const contact = known.find(({ id }) => id === chosen) ?? known[0]
  if (contact) return { id: contact.id, caller: { name: contact.name!, phone: contact.phones[0]! } }
  const self = customer.customer_kind === 'person' && customer.phone
    ? { name: customer.name, phone: customer.phone } : null
  return { id: self ? 'self' : 'other', caller: self }
}

/** A definition of which one action asks only for these fields, in this order. */
export function narrowed(definition: DefinitionView, action: string, names: readonly string[]): DefinitionView {
  return { ...definition, actions: definition.actions.map((one) => (one.name !== action ? one
    : { ...one, needs: names.flatMap((name) => one.needs.find((field) => field.name === name) ?? []) })) }
}

/** A word of a choice, as the definition says it. */
export function optionWord(definition: DefinitionView | undefined, field: string, value: string | null): string {
  const found = definition?.fields.find(({ name }) => name === field)
  return value === null ? '' : found?.kind === 'choice' ? found.options[value] ?? value : value
}
