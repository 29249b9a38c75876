import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { type Reader, sql } from '../db.ts'
import { stateView } from '../record-view.ts'
import { effectiveSettings, readCompanyNow } from '../settings.ts'
import type { HitView, ScanView, SimilarView } from '../views.ts'
import { codeIn, maskPhone, nameKey, paperKey, phoneKey, serialKey } from './keys.ts'
import { after } from './typed.ts'
import { namedByText, visible } from './visible.ts'

const foundMost = 10
const phoneLeast = 7

type ScanRow = { id: string; process: string; number: string; title: string; state: string; by: HitView['by'] }

/**
 * What a scanned or typed code is and where to go: a number of ours or of the time before, the code on our paper (its
 * record, then the case that this belongs to), the code on a machine, a serial number, a phone number. Whole codes only;
 * a part is for the look-up.
 */
export async function scan(ctx: Ctx, reader: Reader, scanned: string): Promise<ScanView> {
  const code = codeIn(scanned)
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const spellings = [...new Set([code, code.toUpperCase()])]
  const phone = phoneKey(code)
  const rows = code === '' ? [] : await reader.query<ScanRow>(namedByText(sql`
    select r.id, r.process, r.number, r.title, r.state, f.by from (
      (select n.id, 'number' as by, 1 as place from record n where n.number collate "C" = any(${spellings}::text[])
        limit ${foundMost})
      union all (select n.id, 'number', 2 from record n where n.old_number collate "C" = any(${spellings}::text[])
        limit ${foundMost})
      union all (select p.record_id, 'paper', 3 from paper_code p where p.code = ${paperKey(scanned)}::text)
      union all (select n.root, 'paper', 4 from paper_code p join record n on n.company_id = p.company_id
        and n.id = p.record_id where p.code = ${paperKey(scanned)}::text)
      union all (select m.id, 'qr', 3 from machine m where m.qr_code = ${code.toUpperCase()} limit ${foundMost})
      union all (select k.source, 'serial', 4 from lookup_key k where k.kind = 'serial' and k.starts
        and k.key = left(${serialKey(code) || null}::text, 24) limit ${foundMost})
      union all (select coalesce(p.customer, k.source), 'phone', 5 from lookup_key k
        left join contact p on p.id = k.source
        where k.kind = 'phone' and k.starts and k.key = ${phone.length >= phoneLeast ? phone : null}::text
        limit ${foundMost})) f
    join record r on r.id = f.id
    where ${visible(ctx, settings, ['member', 'undelivered'])}
    order by f.place, r.opened_at desc, r.id desc limit ${foundMost}`, 'scan'))
  const once = rows.filter((row, index) => rows.findIndex(({ id }) => id === row.id) === index)
  return { code, found: once.map((row) => {
    const process = settings.definitions[row.process]!
    return { process: row.process, id: row.id, label: labelOf(ctx.words, process, process.name), number: row.number,
      title: row.title, state: stateView(ctx, process, row.state),
      hit: { by: row.by, label: ctx.words.say(`hit.${row.by}`), text: row.by === 'phone' ? maskPhone(phone) : code } }
  }) }
}

const similarMost = 10
/** Names of contacts lie among them. */
const namesRead = 40
const endings = /(股份)?(有限)?(责任)?公司$|集团$|事务所$|个体户$/u

type SimilarRow = { id: string; number: string; title: string; state: string; address: string | null; by: 'phone' | 'name' }

/**
 * Customers that a new one may already be, for a warning while it is typed: with the same phone (their own or a
 * contact's), or with a name that begins or goes on like this one, forms of companies left aside.
 */
export async function similarCustomers(ctx: Ctx, reader: Reader, typed: { name: string; phone: string }):
  Promise<SimilarView> {
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const process = settings.definitions.customer
  const phone = phoneKey(typed.phone)
  const name = nameKey(typed.name)
  const core = [...(name.replace(endings, '') || name)].slice(0, 24).join('')
  if (!process || (phone.length < phoneLeast && [...core].length < 2)) return { customers: [] }
  const rows = await reader.query<SimilarRow>(sql`
    select r.id, r.number, r.title, r.state, c.address, f.by from (
      (select coalesce(p.customer, k.source) as id, 'phone' as by, 1 as place from lookup_key k
        left join contact p on p.id = k.source
        where k.kind = 'phone' and k.starts and k.key = ${phone.length >= phoneLeast ? phone : null}::text
        limit ${similarMost})
      union all (select k.source, 'name', case when k.starts then 2 else 3 end from lookup_key k
        where k.kind = 'name' and k.starts and k.key >= ${core}::text and k.key < ${core + after}::text
          and ${[...core].length >= 2}::boolean
        order by k.company_id, k.kind, k.starts, k.key limit ${namesRead})) f
    join record r on r.id = f.id and r.process = 'customer' and r.kind <> 'void'
    join customer c on c.id = r.id
    order by f.place, r.opened_at desc, r.id desc limit ${namesRead}`.named('similar_customers'))
  const ids = [...new Set(rows.map(({ id }) => id))].slice(0, similarMost)
  return { customers: ids.map((id) => {
    const hits = rows.filter((row) => row.id === id)
    const { number, title, state, address } = hits[0]!
    return { id, number, name: title, state: stateView(ctx, process, state), address, hits: hits.map(({ by }) =>
      ({ by, label: ctx.words.say(`hit.${by}`), text: by === 'phone' ? maskPhone(phone) : title })) }
  }) }
}
