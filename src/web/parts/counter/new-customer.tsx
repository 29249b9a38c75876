import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { RecordView, SimilarView } from '../../../server/views.ts'
import { queries } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { ActionForm } from '../form/action-form.tsx'
import { StateDot } from '../state.tsx'
import { counterQueries, narrowed } from './counter-data.ts'
import css from './counter.module.css'

const asked = ['name', 'phone', 'contact_name', 'customer_kind']
const settleMs = 250
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
      {similar.length > 0 && (
        <div className={css.similar} role="status">
          <p>{say('counter.similar')}</p>
          {similar.map((one) => (
            <button key={one.id} type="button" className={css.pick} onClick={() => onTake(one.id)}>
              <b className="cut">{one.name}</b>
              <span className="hush">{one.hits.map(({ label }) => label).join(say('comma'))}</span>
              {one.state.name !== 'active' && <StateDot state={one.state} />}
            </button>))}
        </div>)}
    </div>
  )
}

/** Customers that what is typed may already be. */
export function useSimilar(values: Readonly<Record<string, unknown>>): SimilarView['customers'] {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name].trim() : '')
  const wanted = `${text('name')}\n${text('phone')}`
  const [settled, setSettled] = useState(wanted)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), settleMs)
    return () => clearTimeout(timer)
  }, [wanted])
  const [name = '', phone = ''] = settled.split('\n')
  const { data } = useQuery({ ...counterQueries.similar(name, phone), enabled: name.length > 1 || phone.length > 6,
    placeholderData: keepPreviousData })
  return settled.trim() === '' ? [] : data?.customers.slice(0, 4) ?? []
}
