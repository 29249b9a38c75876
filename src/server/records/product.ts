import { nameKey } from '../customers/keys.ts'
import type { Noun } from './noun.ts'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** 产品 */
export const product: Noun = {
  table: 'product',
  columns: ['product_kind', 'brand', 'model', 'product_number', 'warranty_from', 'warranty_months', 'list_price_fen',
    'new_price_fen', 'remark', 'model_key'],
  number: { prefix: 'CP', period: 'ever', digits: 4 },
  derive: () => ({}),
  title: (values) => [text(values.brand), text(values.model)].filter((part) => part !== null).join(' ') || '—',
  follows: (changes) => ('model' in changes ? { model_key: nameKey(text(changes.model) ?? '') || null } : {}),
  search: ['brand', 'model', 'product_number', 'remark'],
  writes: {
    async register(_ctx, _tx, act) {
      // What has no warranty has no term.
      if (act.input.warranty_from === 'none') act.set('warranty_months', null)
      return null
    },
  },
}
