import { type Tx, sql } from './db.ts'
import type { Act } from './records/noun.ts'

/**
 * Blanks the fields of an erasure in every event of the record, inside its transaction; the record's own columns follow
 * from the event itself. The one door through which a written event can change.
 */
export async function erasePersonal(tx: Tx, act: Act): Promise<void> {
  await tx.query(sql`select erase_personal(${act.id}::uuid, ${act.input.erased_fields}::text[], ${act.at}::timestamptz)`
    .named('erase_personal'))
}
