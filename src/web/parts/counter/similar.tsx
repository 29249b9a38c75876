import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { SimilarView } from '../../../server/views.ts'
import { useSay } from '../../site.tsx'
import { StateDot } from '../state.tsx'
import { counterQueries } from './counter-data.ts'
import css from './counter.module.css'

const settleMs = 250

/** Customers that the new one may already be; one of them can be taken instead. */
export function Similar({ similar, onTake, atFoot = false }: { similar: SimilarView['customers']
  onTake: (id: string) => void
  /** Below a long form, always in sight. */
  atFoot?: boolean }) {
  const say = useSay()
  if (similar.length === 0) return null
  return (
    <div className={css.similar} role="status" data-foot={atFoot || undefined}>
      <p>{say('counter.similar')}</p>
      {similar.map((one) => (
        <button key={one.id} type="button" className={css.pick} onClick={() => onTake(one.id)}>
          <b className="cut">{one.name}</b>
          <span className="hush">{one.hits.map(({ label }) => label).join(say('comma'))}</span>
          {one.state.name !== 'active' && <StateDot state={one.state} />}
        </button>))}
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
