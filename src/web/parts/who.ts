import type { Say } from '../../words/web.ts'

const places = ['owner', 'handler', 'author', 'team', 'owed', 'customer'] as const

/** A recipient in words: a place in the record (办理人) or a role, which the server has named already. */
export function recipientWords(to: string | null, say: Say): string {
  const place = places.find((one) => one === to)
  return place ? say(`who.${place}`) : to ?? ''
}

/** Who owes the next step; null when it is a team's that the record does not name: anybody may take it. */
export const whoOwes = (next: { who: string; owed_by: string } | null): string | null =>
  (next && !(next.who === 'team' && next.owed_by === 'team') ? next.who : null)
