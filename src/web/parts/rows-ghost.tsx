import { Skeleton } from '@mantine/core'
import { useSay } from '../site.tsx'

/** Rows that are still coming, each in its place. */
export function GhostRows({ count, height = 36 }: { count: number; height?: number }) {
  const say = useSay()
  return (
    <div role="status" aria-busy="true" aria-label={say('loading')}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} style={{ height, display: 'flex', alignItems: 'center', gap: 16, padding: '0 16px',
          borderBottom: '1px solid var(--line)' }}>
          <Skeleton height={10} width={76} /><Skeleton height={10} width={92} />
          <Skeleton height={10} width={`${28 + ((index * 17) % 30)}%`} />
        </div>
      ))}
    </div>
  )
}
