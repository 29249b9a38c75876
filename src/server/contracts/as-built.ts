import { uuidv7 } from 'uuidv7'
import { type Tx, sql } from '../db.ts'
import type { Act } from '../records/noun.ts'

/** A part that goes in, and the one that comes out for it. `on`: 'YYYY-MM-DD'. */
type Swap = { name: string; part_number: string | null; serial: string | null; removed: string | null; on: string }

/**
 * 装机清单: what goes in is built in from that day; what came out is removed, the one with that number or, where none is
 * named, the newest of the same name. A part that came out and was never on the list is kept as removed all the same.
 * Called by actions of the machine only.
 */
export async function swapPart(tx: Tx, act: Act, swap: Swap): Promise<null> {
  const gone = await tx.query(sql`
    update machine_part set removed_on = ${swap.on}::date
    where id = (select p.id from machine_part p where p.machine = ${act.id}::uuid and p.removed_on is null
      and ((${swap.removed}::text is not null and p.serial_number = ${swap.removed}::text)
        or (${swap.removed}::text is null and p.name = ${swap.name}::text))
      order by p.fitted_on desc nulls last, p.id desc limit 1)
    returning id`.named('part_comes_out'))
  const rows: { id: string; serial_number: string | null; fitted_on: string | null; removed_on: string | null }[] =
    [{ id: uuidv7(), serial_number: swap.serial, fitted_on: swap.on, removed_on: null }]
  if (gone.length === 0 && swap.removed !== null) {
    rows.push({ id: uuidv7(), serial_number: swap.removed, fitted_on: null, removed_on: swap.on })
  }
  await tx.query(sql`
    insert into machine_part (company_id, machine, id, name, part_number, serial_number, fitted_on, removed_on)
    select current_company(), ${act.id}::uuid, r.id, ${swap.name}::text, ${swap.part_number}, r.serial_number,
      r.fitted_on, r.removed_on
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id uuid, serial_number text, fitted_on date, removed_on date)`.named('part_goes_in'))
  return null
}
