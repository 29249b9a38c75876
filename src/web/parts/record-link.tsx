import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../api.ts'
import { useSay } from '../site.tsx'

const freshMs = 300_000

/** Another record that a field names, by its title; one that this reader may not see says so. */
export function RecordLink({ process, id, known }: { process: string; id: string; known?: string }) {
  const say = useSay()
  const { data, error } = useQuery({ ...queries.record(process, id), staleTime: freshMs, retry: false })
  if (error) return <span className="hush">{known ?? say('value.not_yours')}</span>
  return (
    <Link to="/$process/$id" params={{ process, id }} data-link
      title={data?.number}>{data?.title ?? known ?? '…'}</Link>
  )
}
