import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { ScanView, ShelfCardView, ShelvesView } from '../../../server/views.ts'
import { ask, queryText } from '../../api.ts'
import { counterQueries } from '../counter/counter-data.ts'

type Shelf = ShelvesView['shelves'][number]

/** Their keys begin with the list of orders, so that whatever moves makes them stale. */
export const shelfQueries = {
  all: (by: 'shelf' | 'folder') => queryOptions({ queryKey: ['list', 'repair_order', 'shelves', by],
    queryFn: ({ signal }) => ask<ShelvesView>(`/api/shelves?${queryText({ by })}`, { signal }) }),
  one: (by: 'shelf' | 'folder', key: string) => queryOptions({ queryKey: ['list', 'repair_order', 'shelves', by, key],
    queryFn: ({ signal }) => ask<ShelvesView>(`/api/shelves?${queryText({ by, key })}`, { signal }) }),
}

const plain = (text: string): string => text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()

/** Cards that a scanned or typed text names by number or serial number. Pure. */
export const cardsNamed = (cards: readonly ShelfCardView[], text: string): ShelfCardView[] => cards.filter((card) =>
  plain(card.number) === plain(text) || (card.serial_number !== null && plain(card.serial_number) === plain(text)))

/** Cards that a code is about: by what is on the page, else by what the server says that the code is. */
export async function findCards(client: QueryClient, shelves: readonly Shelf[], text: string):
  Promise<{ cards: ShelfCardView[]; found: ScanView['found'] }> {
  const all = shelves.flatMap(({ cards }) => cards)
  const named = cardsNamed(all, text)
  if (named.length > 0) return { cards: named, found: [] }
  const { found } = await client.fetchQuery(counterQueries.scan(text))
  const ids = new Set(found.map(({ id }) => id))
  return { found, cards: all.filter((card) => ids.has(card.id) || (card.machine !== null && ids.has(card.machine.id))) }
}
