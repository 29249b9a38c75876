import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { ApiError } from '../api.ts'
import { useSay } from '../site.tsx'
import css from './lost.module.css'

/** A page that could not be shown: what happened, and what to do. Also the page that does not exist. */
export function Lost({ error, again }: { error?: unknown; again?: () => void }) {
  const say = useSay()
  const router = useRouter()
  const refused = error instanceof ApiError ? error : null
  const stale = error instanceof Error && /dynamically imported module|module script/i.test(error.message)
  const title = !error || refused?.status === 404 ? say('lost.not_found')
    : refused?.problem.code === 'offline' ? say('lost.offline')
      : stale ? say('lost.new_version') : say('lost.fault')
  const text = refused?.problem.code === 'offline' ? say('offline.message') : refused ? refused.message : !error
    ? say('lost.not_found_text')
    : stale ? say('lost.new_version_text') : say('lost.fault_text')
  const retry = again ?? (stale || !refused ? () => location.reload() : () => void router.invalidate())
  return (
    <div className={css.lost} role="alert">
      <h1>{title}</h1>
      <p>{text}</p>
      {refused && refused.problem.request_id && (
        <p className="hush">{say('lost.number', { id: refused.problem.request_id })}</p>)}
      <div className={css.acts}>
        {error !== undefined && refused?.status !== 404 && <Button onClick={retry}>{say('lost.again')}</Button>}
        <Button variant="default" onClick={() => void router.navigate({ to: '/' })}>{say('lost.home')}</Button>
      </div>
    </div>
  )
}
