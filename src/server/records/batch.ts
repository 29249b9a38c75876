import { fail } from '../../engine/fields.ts'
import { endOfDay } from '../contracts/days.ts'
import { serialKey } from '../customers/keys.ts'
import { sql } from '../db.ts'
import type { Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 批次 */
export const batch: Noun = {
  table: 'batch',
  columns: ['product', 'batch_number', 'produced_on', 'expires_on', 'expires_at', 'quantity', 'storage', 'remark',
    'batch_key'],
  number: { prefix: 'PC', period: 'ever', digits: 5 },
  derive: (_head, values) => ({ expires: text(values.expires_on) !== null }),
  follows: (changes, ctx) => ({
    ...('batch_number' in changes && { batch_key: serialKey(text(changes.batch_number) ?? '') || null }),
    ...(ctx && 'expires_on' in changes && { expires_at: endOfDay(ctx, text(changes.expires_on)) }),
  }),
  unique: { batch_once: { field: 'batch_number', by: ['product', 'batch_key'] } },
  search: ['batch_number', 'storage', 'remark'],
  writes: {
    async register(_ctx, tx, act) {
      const { produced_on, expires_on } = act.input
      if (typeof produced_on === 'string' && String(expires_on) < produced_on) {
        return { code: 'bad_input', fields: [fail('expires_on', 'not_an_option')] }
      }
      const [product] = await tx.query<{ title: string }>(sql`
        select title from record where id = ${act.input.product} and process = 'product'`.named('batch_product'))
      act.setHead('title', `${product?.title ?? ''} ${String(act.input.batch_number)}`.trim())
      return null
    },
  },
}
