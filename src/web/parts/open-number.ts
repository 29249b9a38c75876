import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../api.ts'
import { useSay } from '../site.tsx'

/** Opens the record of a scanned or typed number; says so when there is none, and finds nothing by itself. */
export function useOpenNumber(): (text: string) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  return (text) => {
    void client.fetchQuery(queries.search(text)).then(({ groups }) => {
      const rows = groups.flatMap((group) => group.rows)
      const row = rows.find((one) => one.number.toLowerCase() === text.toLowerCase()) ?? rows[0]
      if (row) return navigate({ to: '/$process/$id', params: { process: row.process, id: row.id } })
      notifications.show({ message: say('search.nothing_for', { text }) })
      return undefined
    }).catch((error: Error) => notifications.show({ message: error.message }))
  }
}
