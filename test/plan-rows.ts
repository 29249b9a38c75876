import type { ClientConfig } from 'pg'
import pg from 'pg'
import { withClient } from '../src/server/database-roles.ts'
import type { Statement } from '../src/server/db.ts'

type Node = { 'Node Type': string; 'Relation Name'?: string; 'Actual Rows': number; 'Actual Loops': number
  'Rows Removed by Filter'?: number; 'Rows Removed by Join Filter'?: number; 'Rows Removed by Index Recheck'?: number
  Plans?: Node[] }

/** Rows that the scans of each table met, returned or not. */
export type RowsMet = Readonly<Record<string, number>>

/**
 * The statements that were sent, each run again as PREPARE and EXECUTE under the server's role, its policies and a plan
 * that knows no values, inside a transaction that is rolled back.
 */
export async function rowsMet(app: ClientConfig, company: number, sent: readonly Statement[]): Promise<RowsMet> {
  const asked = sent.filter(({ name, text }) => !/^(begin|commit|rollback)/.test(text)
    && !['set_company', 'company_now'].includes(name ?? ''))
  const met: Record<string, number> = {}
  await withClient(app, async (client) => {
    await client.query('begin')
    await client.query(`select set_config('app.company', $1, true)`, [String(company)])
    await client.query('set local plan_cache_mode = force_generic_plan')
    for (const { text, values = [] } of asked) {
      await client.query(`prepare asked as ${text}`)
      const given = values.map((value) => literal(value)).join(', ')
      const { rows } = await client.query(`explain (analyze, timing off, format json) execute asked${given && `(${given})`}`)
      await client.query('deallocate asked')
      add(met, (rows[0]['QUERY PLAN'] as { Plan: Node }[])[0]!.Plan)
    }
    await client.query('rollback')
  })
  return met
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = value instanceof Date ? value.toISOString() : Array.isArray(value)
    ? `{${value.map((one) => (one === null ? 'null' : JSON.stringify(String(one)))).join(',')}}` : value
  return pg.escapeLiteral(text as string)
}

function add(met: Record<string, number>, node: Node): void {
  const table = node['Relation Name']
  if (table !== undefined) {
    met[table] = (met[table] ?? 0) + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
      + (node['Rows Removed by Index Recheck'] ?? 0))
  }
  for (const child of node.Plans ?? []) add(met, child)
}
