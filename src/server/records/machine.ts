import { randomBytes } from 'node:crypto'
import { nameKey, serialKey } from '../customers/keys.ts'
import { refuseUnlessActive, withOpenCases } from '../customers/standing.ts'
import { swapPart } from '../contracts/as-built.ts'
import { todayIn } from '../contracts/days.ts'
import { beginStay, changeSite } from '../contracts/stays.ts'
import type { Ctx } from '../context.ts'
import { type Tx, sql } from '../db.ts'
import type { Refusal } from '../../engine/refusal.ts'
import type { Act, Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 机器 */
export const machine: Noun = {
  table: 'machine',
  columns: ['product', 'product_kind', 'brand', 'model', 'serial_number', 'serial_note', 'product_number', 'purchase_date',
    'purchase_unknown', 'warranty_months', 'warranty_until', 'warranty_from', 'delivery_date', 'application_date',
    'extended_until', 'extension_number', 'paid_fen', 'batch', 'version', 'key_number', 'site',
    'place', 'in_contract', 'configuration', 'remark',
    'qr_code', 'serial_key', 'model_key', 'key_key'],
  number: { prefix: 'JQ', period: 'ever', digits: 5 },
  derive: () => ({}),
  blank: { has_open_cases: false },
  facts: (_ctx, reader, ids) => withOpenCases(reader, 'machine', ids),
  title: (values) => [text(values.brand), text(values.model), text(values.serial_number)]
    .filter((part) => part !== null).join(' ') || '—',
  follows: (changes) => ({
    ...('serial_number' in changes && { serial_key: serialKey(text(changes.serial_number) ?? '') || null }),
    ...('key_number' in changes && { key_key: serialKey(text(changes.key_number) ?? '') || null }),
    // What was missing has been found.
    ...(text(changes.serial_number) !== null && { serial_note: null }),
    ...(text(changes.purchase_date) !== null && { purchase_unknown: null }),
    ...('model' in changes && { model_key: nameKey(text(changes.model) ?? '') }),
  }),
  unique: { machine_serial: { field: 'serial_number', by: ['serial_key', 'model_key'] } },
  search: ['brand', 'model', 'serial_number', 'key_number', 'product_number', 'place', 'configuration', 'remark'],
  writes: {
    async register(_ctx, tx, act) {
      act.set('qr_code', randomCode())
      await takeFromProduct(tx, act)
      const refusal = await refuseUnlessActive(tx, act.input.customer, 'customer')
      return refusal ?? beginStay(tx, act, null)
    },
    fit_part: (ctx, tx, act) => swapPart(tx, act, { name: String(act.input.part_name),
      part_number: text(act.input.part_number), serial: text(act.input.part_serial),
      removed: text(act.input.removed_serial), on: text(act.input.swapped_on) ?? todayIn(ctx) }),
    key_replaced: keyReplaced,
    async move(ctx, tx, act) {
      const refusal = await refuseUnlessActive(tx, act.input.customer, 'customer')
      if (refusal) return refusal
      // A place of the one before is none of the next one's.
      act.set('site', act.input.site ?? null)
      return changeSite(tx, act, todayIn(ctx))
    },
    stand_at(ctx, tx, act) {
      act.set('site', act.input.site ?? null)
      return changeSite(tx, act, text(act.input.moved_on) ?? todayIn(ctx))
    },
  },
}

type ProductRow = { brand: string | null; model: string | null; product_number: string | null }

/** What the form left open is as the catalogue says. The rule of the warranty is not copied: it is asked for each time. */
async function takeFromProduct(tx: Tx, act: Act): Promise<void> {
  if (act.input.product === undefined) return
  const [row] = await tx.query<ProductRow>(sql`
    select brand, model, product_number from product where id = ${act.input.product}`.named('product_of'))
  for (const name of ['brand', 'product_number'] as const) {
    if (act.input[name] === undefined && row) act.set(name, row[name])
  }
  if (act.input.model === undefined && row) {
    act.set('model', row.model)
    act.set('model_key', nameKey(row.model ?? ''))
  }
}

/** The newest hardware case of this seal has brought a new KEY: the old one is void and stays on the list as removed. */
async function keyReplaced(ctx: Ctx, tx: Tx, act: Act): Promise<Refusal | null> {
  const [row] = await tx.query<{ new_key_number: string }>(sql`
    select s.new_key_number from record r join seal_case s on s.company_id = r.company_id and s.id = r.id
    where r.machine = ${act.id} and r.process = 'seal_case' and s.new_key_number is not null
    order by r.changed_at desc, r.id desc limit 1`.named('new_key_of'))
  const old = text(act.values.key_number)
  if (!row || row.new_key_number === old) return null
  act.set('key_number', row.new_key_number)
  act.set('key_key', serialKey(row.new_key_number) || null)
  return swapPart(tx, act, { name: 'KEY', part_number: null, serial: row.new_key_number, removed: old,
    on: todayIn(ctx) })
}

// No 0 O 1 I L U: a code is also read aloud and typed.
const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 14

/** What a printed code holds: about 68 bits that say nothing. */
function randomCode(): string {
  let code = ''
  while (code.length < codeLength) {
    for (const byte of randomBytes(codeLength)) {
      // A remainder would favour the first letters.
      if (byte < 240 && code.length < codeLength) code += letters[byte % letters.length]
    }
  }
  return code
}
