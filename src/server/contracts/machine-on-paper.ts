import type { App, Company } from '../context.ts'
import { sql } from '../db.ts'
import type { PaperView } from '../views.ts'

/** Which machine a code is on: what is printed on it anyway. null: it is gone. */
export async function machineOnPaper(app: App, company: Company, record: string): Promise<PaperView['machine']> {
  const [row] = await app.db.read(company.id, (reader) => reader.query<{ brand: string | null; model: string | null
    serial_number: string | null; place: string | null; state: string }>(sql`
    select m.brand, m.model, m.serial_number, m.place, r.state from record r
    join machine m on m.company_id = r.company_id and m.id = r.id where r.id = ${record}`.named('machine_on_paper')))
  return row ? { name: [row.brand, row.model].filter(Boolean).join(' '), serial: row.serial_number ?? '',
    place: row.place ?? '', open: row.state === 'in_use' } : null
}
