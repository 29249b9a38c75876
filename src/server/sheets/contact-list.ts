import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'
import { cell } from '../export.ts'
import { sightCondition, sightOf } from '../policy.ts'
import type { AnyProcess } from '../../engine/define.ts'
import { columnLabel } from './kinds.ts'
import { type SheetCell, xlsxBytes } from './xlsx-write.ts'

/** People at customers as a table: they are no records of their own, so that no list has them. */
const batch = 1000
const byteOrderMark = '\ufeff'
const columns = ['contact_name', 'contact_phone', 'contact_phone_2', 'contact_phone_3', 'contact_role', 'contact_online_id',
  'contact_email', 'contact_do_not_call', 'contact_note'] as const

type ContactRow = { id: string; number: string; title: string; name: string | null; phones: string[]; role: string | null
  online_id: string | null; email: string | null; do_not_call: boolean; note: string | null }

/** Each page is a transaction of its own: a slow reader holds nothing. */
async function* pages(ctx: Ctx, process: AnyProcess): AsyncGenerator<string[][]> {
  yield [[ctx.words.say('sheet.customer_number'), ctx.words.say('sheet.customer_name'),
    ...columns.map((name) => columnLabel(ctx.words, process, name))]]
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const from = after
    const rows = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<ContactRow>(sql`
      select p.id, r.number, r.title, p.name, p.phones, p.role, p.online_id, p.email, p.do_not_call, p.note
      from contact p join record r on r.company_id = p.company_id and r.id = p.customer
      where p.id > ${from}::uuid and p.active and ${sightCondition(sightOf('customer', ctx.actor))}
      order by p.id limit ${batch}`))
    if (rows.length > 0) {
      yield rows.map(({ number, title, name, phones, role, online_id, email, do_not_call, note }) => [number, title, name,
        phones[0], phones[1], phones[2], role, online_id, email, do_not_call ? ctx.words.say('label.yes') : '', note]
        .map((text) => text ?? ''))
    }
    if (rows.length < batch) return
    after = rows.at(-1)!.id
  }
}

export function contactWorkbook(ctx: Ctx, process: AnyProcess): AsyncGenerator<Buffer> {
  async function* rows() {
    for await (const page of pages(ctx, process)) yield page.map((row) => row.map((text): SheetCell => (text === '' ? null : { text })))
  }
  return xlsxBytes(ctx.words.say('sheet.contacts'), [12, 28, 14, 16, 16, 16, 14, 18, 24, 10, 30], rows())
}

/** As text that a spreadsheet opens: UTF-8 with its mark. */
export async function* contactLines(ctx: Ctx, process: AnyProcess): AsyncGenerator<string> {
  yield byteOrderMark
  for await (const page of pages(ctx, process)) yield page.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}
