import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { act, randomId } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import { useSay } from '../../site.tsx'
import { settle } from '../form/use-action-form.ts'
import type { OwnForm } from '../record/actions.tsx'
import type { QuotingView } from '../../../server/views.ts'
import { phoneText } from '../../../words/phone.ts'
import css from './quote.module.css'

/** The two ways in which a receipt is known, one key each. */
const ways = { c: { receipt_way: 'call', call_ended: true }, r: { receipt_way: 'reply' } } as const

/** 确认收到: one key logs the call. */
export function ReceiptForm({ record, desk, onDone }: OwnForm & { desk: QuotingView }) {
  const say = useSay()
  const client = useQueryClient()
  const key = useRef({ way: '', key: '' })
  const send = useMutation({
    mutationFn: (way: keyof typeof ways) => {
      if (key.current.way !== way) key.current = { way, key: randomId() }
      return act({ process: 'quotation', id: record.id, action: 'confirm_receipt', form: ways[way], key: key.current.key })
    },
    onSuccess: (after) => { settle(client, after); onDone(after) },
  })
  const phone = desk.contact.phone || desk.customer.phone
  useKeys({ c: () => send.mutate('c'), r: () => send.mutate('r') })
  return (
    <div className={css.receipt}>
      <p className={css.hint}>{say('quote.receipt_say', { phone: phoneText(phone, say('phone.extension')) })}</p>
      {(['c', 'r'] as const).map((way) => (
        <button key={way} type="button" className={css.big} disabled={send.isPending} onClick={() => send.mutate(way)}>
          <kbd>{way.toUpperCase()}</kbd>{say(`quote.receipt_${way}`)}</button>))}
      {send.error && <p className={css.error} role="alert">{send.error.message}</p>}
    </div>
  )
}
