import { useQuery } from '@tanstack/react-query'
import { queries } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { narrowed } from './counter-data.ts'
import type { Purpose } from './purposes.tsx'
import css from './purposes.module.css'

/** What each way asks, in the order of the talk. */
const asked: Readonly<Record<'enquiry' | 'manager' | 'wait', readonly string[]>> = {
  enquiry: ['matter', 'answer', 'promise', 'promise_at', 'confirmed_by', 'visitor_name', 'visitor_phone', 'customer',
    'contact_told', 'card_given'],
  manager: ['visitor_name', 'matter', 'visitor_phone', 'customer'],
  wait: ['purpose', 'visitor_name', 'matter', 'visitor_phone', 'customer'],
}

/** An enquiry answered and noted in one form; a visitor announced to the manager; somebody who has to wait. */
export function Visit({ purpose, onDone }: { purpose: Exclude<Purpose, 'carry_in' | 'pick_up'>; onDone: () => void }) {
  const say = useSay()
  const { data } = useQuery(queries.definition('visit'))
  if (!data) return <GhostRows count={5} />
  const definition = narrowed(data, 'arrive', ['purpose', ...asked[purpose]])
  return (
    <section className={css.visit} aria-label={say(`desk.${purpose}`)}>
      <h2>{say(`desk.${purpose}`)}</h2>
      <ActionForm definition={definition} action="arrive" record={null} offer={null} focus
        send={say(`desk.send_${purpose}`)} draft={`visit ${purpose}`} fixed={purpose === 'wait' ? undefined : { purpose }}
        onDone={onDone} onCancel={onDone} />
    </section>
  )
}
