import { expect } from 'vitest'
import { readConfig } from '../../src/server/config.ts'
import type { Actor } from '../../src/server/context.ts'
import { withClient } from '../../src/server/database-roles.ts'
import { apiRoutes } from '../../src/server/routes/index.ts'
import { bringNext } from '../../src/server/sheets/worker.ts'
import { type SheetCell, xlsxBytes } from '../../src/server/sheets/xlsx-write.ts'
import type { SheetChangeView, SheetFaultView, SheetJobView } from '../../src/server/views-sheets.ts'
import type { DatabaseKind } from '../databases.ts'
import { type Served, serve } from '../serve.ts'

/** A workbook of texts, as another program would write it. */
export async function workbook(rows: readonly (readonly (string | SheetCell)[])[]): Promise<Buffer> {
  async function* one() {
    yield rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)))
  }
  const parts: Buffer[] = []
  for await (const part of xlsxBytes('表', [], one())) parts.push(part)
  return Buffer.concat(parts)
}

/** A company whose people bring sheets in; its worker is called by hand. */
export async function openDesk(kind: DatabaseKind) {
  const served: Served = await serve(kind, apiRoutes(readConfig({})))
  const wang = await served.at.person('王协调', 'coordinator')
  const zheng = await served.at.person('郑库管', 'storekeeper')
  const work = async () => { while (await bringNext(served.at.app)); }
  const job = async (who: Actor, id: string): Promise<SheetJobView> =>
    (await served.ask(who, 'GET', `/api/sheets/${id}`)).json()
  const after = async (who: Actor, one: SheetJobView, what: string, body: object): Promise<SheetJobView> => {
    const answer = await served.ask(who, 'POST', `/api/sheets/${one.id}/${what}`, body)
    expect(answer.statusCode, answer.body).toBe(200)
    await work()
    return job(who, one.id)
  }
  return { served, wang, zheng, work, job, after,
    /** Uploads and reads a table. */
    async bring(who: Actor, sheet: string, name: string, content: Buffer | string): Promise<SheetJobView> {
      const file = (await served.upload(who, name, content)).json() as { id: string }
      const made = await served.ask(who, 'POST', '/api/sheets', { kind: sheet, file: file.id })
      expect(made.statusCode, made.body).toBe(201)
      await work()
      return job(who, (made.json() as { id: string }).id)
    },
    /** The dry run, with the columns as they were guessed. */
    look: (who: Actor, one: SheetJobView, fillers: Record<string, string> = {}, updates = false) =>
      after(who, one, 'fields', { fields: one.columns.map(({ field }) => field), fillers, updates }),
    write: (who: Actor, one: SheetJobView, only_good: boolean) => after(who, one, 'write', { only_good }),
    faults: async (who: Actor, one: SheetJobView) =>
      (await served.ask(who, 'GET', `/api/sheets/${one.id}/faults`)).json() as { faults: SheetFaultView[]; more: boolean },
    changes: async (who: Actor, one: SheetJobView, from = 0) =>
      (await served.ask(who, 'GET', `/api/sheets/${one.id}/changes?after=${from}`)).json() as
        { changes: SheetChangeView[]; more: boolean },
    count: async (process: string): Promise<number> => withClient(served.at.database.owner, async (client) =>
      Number((await client.query(`select count(*) from record where process = $1 and company_id = $2`,
        [process, served.at.company.id])).rows[0].count)) }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>
