import { IconArchive, IconMessageQuestion, IconPackageExport, IconUserStar } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ComponentType, useState } from 'react'
import { listPage, queries } from '../../api.ts'
import { useKeys } from '../../keys.ts'
import type { CounterSearch } from '../../router.tsx'
import { useMe, useNow, useSay, useSpeech } from '../../site.tsx'
import { CardStrip } from '../cards/card-strip.tsx'
import { gapsOf } from '../cards/gaps.ts'
import { StateDot } from '../state.tsx'
import { DueChip, When } from '../time-chip.tsx'
import type { Taken } from './counter-data.ts'
import css from './purposes.module.css'
import { SearchBox } from './search-box.tsx'

export type Purpose = NonNullable<CounterSearch['for']>

/** The four ways of the counter, by their keys. */
const purposes = [
  { key: '1', name: 'carry_in', icon: IconArchive }, { key: '2', name: 'enquiry', icon: IconMessageQuestion },
  { key: '3', name: 'pick_up', icon: IconPackageExport }, { key: '4', name: 'manager', icon: IconUserStar },
] as const satisfies readonly { key: string; name: Purpose; icon: ComponentType }[]

type StartProps = { onPick: (purpose: Purpose) => void; take: (taken: Taken) => void; onNew: (typed: string) => void }

/** Somebody comes in: the greeting, and what they came for. */
export function Start({ onPick, take, onNew }: StartProps) {
  const say = useSay()
  const me = useMe()
  const speech = useSpeech()
  const now = useNow()
  const [text, setText] = useState('')
  const visits = me.processes.some(({ process }) => process === 'visit')
  const { data: definition } = useQuery({ ...queries.definition('visit'), enabled: visits })
  const cards = definition?.actions.find(({ creates }) => creates)?.cards.filter(({ at }) => at === null) ?? []
  const offered = purposes.filter(({ name }) => visits || name === 'carry_in' || name === 'pick_up')
  useKeys({ ...Object.fromEntries(offered.map(({ key, name }) => [key, () => onPick(name)] as const)),
    ...(visits && { 0: () => onPick('wait') }) })
  return (
    <div className={css.start}>
      {cards.length > 0 && <CardStrip cards={cards} gaps={gapsOf(me, null, null, now, speech)} field={null} moves={0}
        onShown={() => {}} />}
      <div className={css.choices} role="group" aria-label={say('desk.purpose')}>
        {offered.map(({ key, name, icon: Icon }) => (
          <button key={name} type="button" className={css.choice} onClick={() => onPick(name)}>
            <kbd>{key}</kbd><Icon size={26} stroke={1.5} aria-hidden="true" />
            <b>{say(`desk.${name}`)}</b><small>{say(`desk.${name}_hint`)}</small></button>))}
      </div>
      <div className={css.below}>
        <section aria-label={say('desk.or_find')}>
          <h2>{say('desk.or_find')}</h2>
          <SearchBox text={text} onText={setText} onTake={take} onPoint={() => {}} onNew={onNew} quiet />
        </section>
        {visits && <Waiting onWait={() => onPick('wait')} />}
      </div>
    </div>
  )
}

/** The way that was taken, and the others beside it. */
export function Purposes({ now, onPick, onBack }: { now: Purpose; onPick: (purpose: Purpose) => void
  onBack: () => void }) {
  const say = useSay()
  const visits = useMe().processes.some(({ process }) => process === 'visit')
  return (
    <div className={css.bar} role="group" aria-label={say('desk.purpose')}>
      {purposes.filter(({ name }) => visits || name === 'carry_in' || name === 'pick_up').map(({ name }) => (
        <button key={name} type="button" aria-pressed={name === now} onClick={() => onPick(name)}>
          {say(`desk.${name}`)}</button>))}
      <button type="button" className={css.back} onClick={onBack}>{say('desk.back')} <kbd>Esc</kbd></button>
    </div>
  )
}

const waitingShown = 12

/** Who waits, longest first, with the time that is left until an apology is due. */
function Waiting({ onWait }: { onWait: () => void }) {
  const say = useSay()
  const { data } = useQuery({ queryKey: ['list', 'visit', 'waiting'],
    queryFn: ({ signal }) => listPage('visit', { kind: 'active,waiting', sort: 'opened' }, waitingShown, undefined, signal) })
  return (
    <section aria-label={say('desk.waiting')}>
      <h2>{say('desk.waiting')}</h2>
      {data?.rows.length === 0 && <p className={css.none}>{say('desk.nobody_waits')}</p>}
      <ul className={css.waiting}>
        {data?.rows.map((row) => (
          <li key={row.id}><Link to="/$process/$id" params={{ process: 'visit', id: row.id }}>
            <b className="cut">{row.title || row.number}</b><StateDot state={row.state} />
            {row.next_due_at ? <DueChip due={row.next_due_at} /> : <When at={row.opened_at} />}</Link></li>))}
      </ul>
      <button type="button" className={css.wait} onClick={onWait}><kbd>0</kbd>{say('desk.wait')}</button>
    </section>
  )
}
