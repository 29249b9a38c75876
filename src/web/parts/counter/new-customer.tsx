import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { RecordView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { narrowed } from './counter-data.ts'
import css from './counter.module.css'
import { Similar, useSimilar } from './similar.tsx'

const asked = ['name', 'phone', 'contact_name', 'customer_kind']
/** Two to four characters that name no organisation; the form shows the guess. */
const personLike = /^(?!.*[所厂店校院社部局行司])\p{Script=Han}{2,4}$/u
const phoneLike = /^[+\d\s\-()（）]+$/

type NewCustomerProps = { typed: string; onDone: (record: RecordView) => void; onTake: (id: string) => void
  onCancel: () => void }

/** 新客户: name, phone and who is there; customers that it may already be are named while it is typed. */
export function NewCustomer({ typed, onDone, onTake, onCancel }: NewCustomerProps) {
  const say = useSay()
  const { data: definition } = useQuery(queries.definition('customer'))
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({})
  const similar = useSimilar(values)
  const [start] = useState(() => ({ customer_kind: personLike.test(typed) ? 'person' : 'organisation',
    ...(typed !== '' && (phoneLike.test(typed) ? { phone: typed } : { name: typed })) }))
  const hear = useCallback((next: Readonly<Record<string, unknown>>) => setValues(next), [])
  if (!definition) return null
  return (
    <div className={css.adding}>
      <h3>{say('counter.new_customer')}</h3>
      <ActionForm key={typed} draft={`counter ${typed}`} definition={narrowed(definition, 'register',
        similar.length > 0 ? [...asked, 'is_another'] : asked)} action="register" record={null} offer={null}
        focus start={start} onDone={onDone} onCancel={onCancel} onValues={hear} />
      <Similar similar={similar} onTake={onTake} />
    </div>
  )
}
