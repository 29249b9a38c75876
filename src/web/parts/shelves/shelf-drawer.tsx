import { Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import type { RecordView, ShelvesView } from '../../../server/views.ts'
import { ApiError, act, queries, randomId } from '../../api.ts'
import { useSay } from '../../site.tsx'
import { settle } from '../form/use-action-form.ts'
import { Actions } from '../record/actions.tsx'
import { GhostRows } from '../rows-ghost.tsx'
import { StateDot } from '../state.tsx'
import { titleWords } from '../title.ts'
import css from './shelves.module.css'

type DrawerProps = { id: string; view: ShelvesView; open: string | undefined
  onOpen: (action: string | undefined) => void; onClose: () => void }

/** The machine that was taken from its shelf: where it may go, and what may be done with it. */
export function ShelfDrawer({ id, view, open, onOpen, onClose }: DrawerProps) {
  const say = useSay()
  const record = useQuery(queries.record('repair_order', id))
  const definition = useQuery(queries.definition('repair_order'))
  const here = view.shelves.find(({ cards }) => cards.some((card) => card.id === id))
  const card = here?.cards.find((one) => one.id === id)
  const error = record.error ?? definition.error
  return (
    <Drawer opened onClose={onClose} size={480} title={card?.number ?? record.data?.number ?? ''}
      closeButtonProps={{ 'aria-label': say('shelves.close') }}>
      {error && !record.data && <p role="alert">{error.message}</p>}
      {!record.data || !definition.data ? !error && <GhostRows count={4} />
        : <div className={css.drawer}>
          <p className={css.drawerTitle}>{titleWords(record.data.title)}</p>
          <p className={css.line}><span>{card?.customer?.name}</span><StateDot state={record.data.state} /></p>
          {card?.serial_number && <p className="hush">{card.serial_number}</p>}
          <MoveTo record={record.data} view={view} here={here?.key} />
          <div className={css.actions}><Actions record={record.data} definition={definition.data} open={open}
            focus={false} onOpen={onOpen} onDone={() => onOpen(undefined)} /></div>
          <Link to="/$process/$id" params={{ process: 'repair_order', id }} data-link>{say('shelves.open')}</Link>
        </div>}
    </Drawer>
  )
}

/** 移位: one press a shelf. The server says whether it may. */
function MoveTo({ record, view, here }: { record: RecordView; view: ShelvesView; here: string | undefined }) {
  const say = useSay()
  const move = useMove(view)
  const offer = record.offers.find(({ action }) => action === 'move')
  if (!offer?.live) return offer?.refusal ? <p className="hush">{offer.refusal.message}</p> : null
  return (
    <div className={css.move} role="group" aria-label={say('shelves.move')}>
      <span>{say('shelves.move')}</span>
      {view.shelves.filter(({ key }) => key !== here).map(({ key, label }) => (
        <button key={key} type="button" disabled={move.isPending}
          onClick={() => move.mutate({ id: record.id, to: key })}>{label}</button>))}
      {move.error instanceof ApiError && <p className={css.problem} role="alert">{move.error.problem.message}</p>}
    </div>
  )
}

/** Moves a machine (or its paper) through the action of the order; a lost answer is asked again under the same key. */
export function useMove(view: ShelvesView) {
  const say = useSay()
  const client = useQueryClient()
  const key = useRef({ text: '', key: '' })
  return useMutation({
    mutationFn: ({ id, to }: { id: string; to: string }) => {
      const text = `${id} ${view.by} ${to}`
      if (key.current.text !== text) key.current = { text, key: randomId() }
      return act({ process: 'repair_order', id, action: 'move', form: { [view.by]: to }, key: key.current.key })
    },
    onSuccess: (after, { to }) => {
      key.current = { text: '', key: '' }
      settle(client, after)
      notifications.show({ message: say('shelves.moved', {
        place: view.shelves.find((one) => one.key === to)?.label ?? to }) })
    },
  })
}
