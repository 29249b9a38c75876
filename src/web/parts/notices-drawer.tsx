import { Button, Drawer } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { NoticeView } from '../../server/views.ts'
import { ask, queries } from '../api.ts'
import { useSay } from '../site.tsx'
import css from './notices-drawer.module.css'
import { GhostRows } from './rows-ghost.tsx'
import { When } from './time-chip.tsx'

/** What was told to me; opening one marks it read. */
export function NoticesDrawer({ onClose }: { onClose: () => void }) {
  const say = useSay()
  const client = useQueryClient()
  const { data, error } = useQuery(queries.notices())
  const read = useMutation({
    mutationFn: (ids: readonly string[]) => ask('/api/notices/read', { method: 'POST', body: { ids } }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['notices'] })
      void client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  const fresh = (data?.notices ?? []).filter(({ read_at }) => read_at === null).map(({ id }) => id)
  return (
    <Drawer opened onClose={onClose} size={440} title={say('notices.title')}
      closeButtonProps={{ 'aria-label': say('close') }}>
      {error && <p role="alert">{error.message}</p>}
      {!data && !error && <GhostRows count={6} height={52} />}
      {data?.notices.length === 0 && <p className="hush">{say('notices.none')}</p>}
      {fresh.length > 0 && <Button size="xs" variant="default" mb={8} onClick={() => read.mutate(fresh)}>
        {say('notices.read_all')}</Button>}
      <ul className={css.list}>
        {data?.notices.map((notice) => (
          <Notice key={notice.id} notice={notice} onRead={() => { if (!notice.read_at) read.mutate([notice.id]) }} />))}
      </ul>
    </Drawer>
  )
}

function Notice({ notice, onRead }: { notice: NoticeView; onRead: () => void }) {
  const say = useSay()
  const body = <><span>{notice.text}</span><small><When at={notice.created_at} /></small></>
  return (
    <li className={css.notice} data-fresh={notice.read_at === null || undefined}>
      {notice.read_at === null && <span className="only-read">{say('notices.fresh')}</span>}
      {notice.record ? <Link to="/$process/$id" params={notice.record} onClick={onRead}>{body}</Link>
        : <button type="button" onClick={onRead}>{body}</button>}
    </li>
  )
}
