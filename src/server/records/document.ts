import { fail } from '../../engine/fields.ts'
import type { Refusal } from '../../engine/refusal.ts'
import { serialKey } from '../customers/keys.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import { type Tx, sql } from '../db.ts'
import type { Act, Noun } from './noun.ts'

/** 档案文件 */
export const document: Noun = {
  table: 'document',
  columns: ['document_kind', 'document_number', 'version', 'contract', 'contract_number', 'preceding', 'made_on', 'medium',
    'license_text', 'custodian', 'filed_place', 'copy_place', 'keep_until', 'handed_in_at', 'original_holder',
    'transferred_on', 'borrower', 'borrowed_until_at', 'remark'],
  number: { prefix: 'DA', period: 'year', digits: 5 },
  derive: (_head, values) => ({ document_kind: String(values.document_kind ?? ''),
    has_copy: typeof values.copy_place === 'string' && values.copy_place !== '' }),
  // A number that is typed over names no contract until somebody files it under one.
  follows: (changes) => ('contract_number' in changes && !('contract' in changes) ? { contract: null } : {}),
  search: ['document_number', 'contract_number', 'filed_place', 'custodian', 'remark'],
  writes: {
    async draw_up(ctx, tx, act) {
      if (act.input.handler === undefined && ctx.actor.kind === 'member') act.setHead('handler', ctx.actor.id)
      const preceding = act.input.preceding as string | undefined
      // Traceable to its predecessor: it belongs to the same contract unless its form says otherwise. Source: S1-052.
      if (preceding !== undefined && act.input.contract_number === undefined && act.input.contract === undefined) {
        const [before] = await tx.query<{ contract: string | null; contract_number: string | null }>(sql`
          select contract, contract_number from document where id = ${preceding}::uuid`.named('document_before'))
        act.set('contract', before?.contract ?? null)
        act.set('contract_number', before?.contract_number ?? null)
      }
      return await underContract(tx, act) ?? refuseUnlessActive(tx, act.input.customer, 'customer')
    },
    file: (_ctx, tx, act) => underContract(tx, act),
    async hand_in(_ctx, _tx, act) {
      act.set('handed_in_at', act.at)
      return null
    },
  },
}

/**
 * The contract that the form names, by itself or by the number on its paper: one of this customer. What is filed under it
 * carries its number; a number that no contract has yet stands by itself.
 */
async function underContract(tx: Tx, act: Act): Promise<Refusal | null> {
  const { contract, contract_number } = act.input
  if (contract === undefined && contract_number === undefined) return null
  const [row] = await tx.query<{ id: string; number: string }>(sql`
    select k.id, coalesce(nullif(k.contract_number, ''), r.number) as number
    from contract k join record r on r.company_id = k.company_id and r.id = k.id
    where r.customer = ${act.values.customer}::uuid and (k.id = ${contract ?? null}::uuid
      or (${contract ?? null}::uuid is null and k.number_key = ${serialKey(String(contract_number ?? ''))}::text))
    limit 1`.named('contract_of_document'))
  if (!row && contract !== undefined) return { code: 'bad_input', fields: [fail('contract', 'not_an_option')] }
  if (!row) return null
  act.set('contract', row.id)
  if (contract !== undefined) act.set('contract_number', row.number)
  return null
}
