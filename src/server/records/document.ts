import { refuseUnlessActive } from '../customers/standing.ts'
import { sql } from '../db.ts'
import type { Noun } from './noun.ts'

/** 档案文件 */
export const document: Noun = {
  table: 'document',
  columns: ['document_kind', 'document_number', 'version', 'contract_number', 'preceding', 'made_on', 'medium',
    'license_text', 'custodian', 'filed_place', 'copy_place', 'keep_until', 'handed_in_at', 'original_holder',
    'transferred_on', 'borrower', 'borrowed_until_at', 'remark'],
  number: { prefix: 'DA', period: 'year', digits: 5 },
  derive: (_head, values) => ({ document_kind: String(values.document_kind ?? ''),
    has_copy: typeof values.copy_place === 'string' && values.copy_place !== '' }),
  search: ['document_number', 'contract_number', 'filed_place', 'custodian', 'remark'],
  writes: {
    async draw_up(ctx, tx, act) {
      if (act.input.handler === undefined && ctx.actor.kind === 'member') act.setHead('handler', ctx.actor.id)
      const preceding = act.input.preceding as string | undefined
      // Traceable to its predecessor: it belongs to the same contract unless its form says otherwise. Source: S1-052.
      if (preceding !== undefined && act.input.contract_number === undefined) {
        const [before] = await tx.query<{ contract_number: string | null }>(sql`
          select contract_number from document where id = ${preceding}::uuid`.named('document_before'))
        act.set('contract_number', before?.contract_number ?? null)
      }
      return refuseUnlessActive(tx, act.input.customer, 'customer')
    },
    async hand_in(_ctx, _tx, act) {
      act.set('handed_in_at', act.at)
      return null
    },
  },
}
