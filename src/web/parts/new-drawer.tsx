import { Drawer, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queries } from '../api.ts'
import { useMe, useSay } from '../site.tsx'
import { Similar, useSimilar } from './counter/similar.tsx'
import { ActionForm } from './form/action-form.tsx'
import { GhostRows } from './rows-ghost.tsx'

/** A new record, alone or under another, over whatever is open. What was typed is kept when it is closed. */
export function NewDrawer({ process, under, onClose }: { process: string; under?: string; onClose: () => void }) {
  const say = useSay()
  const navigate = useNavigate()
  const { roles, processes } = useMe()
  const { data, error } = useQuery(queries.definition(process))
  const known = processes.find((one) => one.process === process)
  // A beginning that hangs on a condition is for the program that meets it, such as one that brings history in.
  const creating = (data?.actions ?? []).filter((action) => action.creates && action.guards.length === 0
    && action.by.some((doer) => roles.includes(doer)))
  const [typed, setTyped] = useState<Readonly<Record<string, unknown>>>({})
  const [picked, setPicked] = useState<string | null>(null)
  const action = picked ?? known?.create ?? creating[0]?.name
  return (
    <Drawer opened onClose={onClose} size={600} title={say('new.title', { label: known?.label ?? data?.label ?? '' })}
      closeButtonProps={{ 'aria-label': say('close') }}>
      {error && <p role="alert">{error.message}</p>}
      {!data && !error && <GhostRows count={5} />}
      {creating.length > 1 && action && (
        <SegmentedControl mb={16} value={action} onChange={setPicked}
          data={creating.map(({ name, label }) => ({ value: name, label }))} />)}
      {data && action && (
        <ActionForm key={action} definition={data} action={action} record={null} offer={null} focus
          parent={under} draft={under && `under ${under}`} onValues={process === 'customer' ? setTyped : undefined}
          onDone={(record) => void navigate({ to: '/$process/$id', params: { process, id: record.id } })} />)}
      {process === 'customer' && <KnownAlready typed={typed}
        onTake={(id) => void navigate({ to: '/$process/$id', params: { process, id } })} />}
      {data && !action && <p>{say('new.not_yours')}</p>}
    </Drawer>
  )
}

/** Who is registered twice is found twice: those who may be meant are named while one types. */
function KnownAlready({ typed, onTake }: { typed: Readonly<Record<string, unknown>>; onTake: (id: string) => void }) {
  return <Similar similar={useSimilar(typed)} onTake={onTake} atFoot />
}
