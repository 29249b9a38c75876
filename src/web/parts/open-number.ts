import { notifications } from '@mantine/notifications'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../api.ts'
import { useSay } from '../site.tsx'
import { counterQueries } from './counter/counter-data.ts'

/** What a code is: the thing itself, however it is written down; else the first that the words of it find. */
async function meant(client: QueryClient, text: string): Promise<{ process: string; id: string } | undefined> {
  const { found: [exact] } = await client.fetchQuery(counterQueries.scan(text))
  if (exact) return exact
  const { groups } = await client.fetchQuery(queries.search(text))
  const rows = groups.flatMap((group) => group.rows)
  return rows.find((one) => one.number.toLowerCase() === text.toLowerCase()) ?? rows[0]
}

/** Opens what a scanned or typed code is of: a number, the square on a paper, a serial number. Says so when it is none. */
export function useOpenNumber(): (text: string) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  return (text) => {
    void meant(client, text).then((one) => {
      if (one) return navigate({ to: '/$process/$id', params: { process: one.process, id: one.id } })
      notifications.show({ message: say('search.nothing_for', { text }) })
      return undefined
    }).catch((error: Error) => notifications.show({ message: error.message }))
  }
}
