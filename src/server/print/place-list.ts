import { phoneText } from '../../words/phone.ts'
import { dateIn } from '../company-time.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import type { ShelvesView } from '../views.ts'
import { wallClock } from './page.ts'

const dayMs = 86_400_000

type Row = { id: string; contact_name: string | null; contact_phone: string | null; notify_attempts: number | null }

/** Where each machine waits for a call to its customer: the list is one of calls. */
const calledFrom = new Set(['waiting_close_out'])

/**
 * A check list of places, for walking along the shelves with a pen: what the program says stands there. Source: section
 * 2.1 and 3.3 of the repair centre's regulation.
 */
export async function placeListPage(ctx: Ctx, reader: Reader, { by, shelves }: ShelvesView): Promise<object> {
  const ids = shelves.flatMap(({ cards }) => cards.map(({ id }) => id))
  const rows = await reader.query<Row>(sql`
    select id, contact_name, contact_phone, notify_attempts from repair_order where id = any(${ids}::uuid[])`
    .named('contacts_of_orders'))
  // A page for each place where something stands; of one place alone its page, whatever stands there.
  const standing = shelves.filter(({ cards }) => cards.length > 0)
  const pages = standing.length > 0 ? standing : shelves.slice(0, 1)
  const contacts = new Map(rows.map((row) => [row.id, row]))
  return {
    company: ctx.company.name, document: by === 'shelf' ? '货架清点表' : '文件夹清点表',
    date: dateIn(ctx.company.time_zone, ctx.now), printed_by: ctx.actor.name ?? '',
    printed: `打印 ${wallClock(ctx, new Date(ctx.now).toISOString())}`,
    empty: shelves.filter((shelf) => !pages.includes(shelf)).map(({ label }) => label).join('、'),
    places: pages.map(({ key, label, cards }) => ({ label, calls: by === 'folder' && calledFrom.has(key),
      rows: cards.map((card) => {
        const contact = contacts.get(card.id)
        return { number: card.number, customer: card.customer?.name ?? '', contact: contact?.contact_name ?? '',
          phone: phoneText(contact?.contact_phone ?? ''), machine: card.machine?.name ?? card.title,
          serial: card.serial_number ?? '', state: card.state.label, handler: card.handler?.name ?? '',
          days: String(Math.floor((ctx.now - Date.parse(card.since)) / dayMs)),
          tries: contact?.notify_attempts ? String(contact.notify_attempts) : '' }
      }) })),
  }
}
