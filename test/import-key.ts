import { uuidv7 } from 'uuidv7'
import { type Role, roles } from '../src/engine/roles.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import type { Api } from '../scripts/replay/drive.ts'
import type { Served } from './serve.ts'

/** A key with which history is brought in; it may do whatever anybody may. */
export const importKey = (): Actor =>
  ({ kind: 'key', id: uuidv7(), name: '导入', roles: Object.keys(roles) as Role[], importer: true })

export async function setImporting({ at }: Served, on: boolean): Promise<void> {
  await withClient(at.database.owner, (client) =>
    client.query('update company set importing = $1 where company_id = $2', [on, at.company.id]))
}

/** The API of a test server, as the replay sees it. */
export const apiOf = (served: Served, actor: Actor): Api => async (method, path, body, key, seq) => {
  const answer = await served.ask(actor, method, encodeURI(decodeURI(path)), body, { prefer: 'return=minimal',
    ...(key && { 'idempotency-key': key }), ...(typeof seq === 'number' && { 'if-match': String(seq) }) })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
}
