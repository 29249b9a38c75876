import { queryOptions } from '@tanstack/react-query'
import type { EarlierQuoteView, QuotingView, StockPageView } from '../../../server/views.ts'
import { ask, queryText } from '../../api.ts'

/** Questions of the desk. Their keys begin with 'list', so that the stream of what moves makes them stale. */
export const quoteQueries = {
  desk: (id: string) => queryOptions({ queryKey: ['list', 'quotation', 'desk', id],
    queryFn: ({ signal }) => ask<QuotingView>(`/api/quotation/${id}/desk`, { signal }) }),
  parts: (q: string) => queryOptions({ queryKey: ['list', 'part', 'stock', { q }], staleTime: 30_000,
    queryFn: ({ signal }) => ask<StockPageView>(`/api/stock?${queryText({ q })}`, { signal }) }),
}

/** A row of the price as it is typed. Money in fen. */
export type QuoteLine = { what?: string; name?: string; pieces?: number; unit_fen?: number; note?: string }

export const linesIn = (value: unknown): QuoteLine[] => (Array.isArray(value) ? value as QuoteLine[] : [])

export const sumOfLines = (lines: readonly QuoteLine[]): number =>
  lines.reduce((sum, { pieces = 0, unit_fen = 0 }) => sum + pieces * unit_fen, 0)

/** What was paid last under the same name: by this customer, else by others for this model. Newest first come in. */
export function lastPaid(name: string | undefined, { customer, model }: QuotingView['earlier']):
  { unit_fen: number; by: 'customer' | 'model' } | null {
  const plain = (name ?? '').trim()
  if (plain === '') return null
  const found = (rows: readonly EarlierQuoteView[]) =>
    rows.flatMap(({ lines }) => lines).find((line) => line.name.trim() === plain)?.unit_fen
  const own = found(customer)
  if (own !== undefined) return { unit_fen: own, by: 'customer' }
  const other = found(model)
  return other === undefined ? null : { unit_fen: other, by: 'model' }
}

/** The lines to begin with: what was priced already, else the parts that the engineer asked for, and the labour. */
export function firstLines(priced: unknown, { asked, engineer_fen, order }: QuotingView): QuoteLine[] {
  const known = linesIn(priced)
  if (known.length > 0) return known
  const parts = asked.map(({ name, pieces, price_fen }): QuoteLine =>
    ({ what: 'part', name, pieces, unit_fen: price_fen ?? undefined }))
  // What the engineer's price leaves beside the parts is the work.
  const rest = engineer_fen === null ? undefined : engineer_fen - sumOfLines(parts)
  return [...parts, { what: 'labour', pieces: 1, name: order?.repair_method ?? undefined,
    ...(rest !== undefined && rest > 0 && { unit_fen: rest }) }]
}
