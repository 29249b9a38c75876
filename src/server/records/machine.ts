import { randomBytes } from 'node:crypto'
import { nameKey, serialKey } from '../customers/keys.ts'
import { refuseUnlessActive, withOpenCases } from '../customers/standing.ts'
import type { Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 机器 */
export const machine: Noun = {
  table: 'machine',
  columns: ['product_kind', 'brand', 'model', 'serial_number', 'serial_note', 'product_number', 'purchase_date',
    'purchase_unknown', 'warranty_months', 'warranty_until', 'place', 'in_contract', 'configuration', 'remark', 'qr_code',
    'serial_key', 'model_key'],
  number: { prefix: 'JQ', period: 'ever', digits: 5 },
  derive: () => ({ has_open_cases: false }),
  facts: (_ctx, reader, ids) => withOpenCases(reader, 'machine', ids),
  title: (values) => [text(values.brand), text(values.model), text(values.serial_number)]
    .filter((part) => part !== null).join(' ') || '—',
  follows: (changes) => ({
    ...('serial_number' in changes && { serial_key: serialKey(text(changes.serial_number) ?? '') || null }),
    // What was missing has been found.
    ...(text(changes.serial_number) !== null && { serial_note: null }),
    ...(text(changes.purchase_date) !== null && { purchase_unknown: null }),
    ...('model' in changes && { model_key: nameKey(text(changes.model) ?? '') }),
  }),
  unique: { machine_serial: 'serial_number' },
  search: ['brand', 'model', 'serial_number', 'product_number', 'place', 'configuration', 'remark'],
  writes: {
    async register(_ctx, tx, act) {
      act.set('qr_code', randomCode())
      return refuseUnlessActive(tx, act.input.customer, 'customer')
    },
    move: (_ctx, tx, act) => refuseUnlessActive(tx, act.input.customer, 'customer'),
  },
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
