import type { Client } from 'pg'
import type { App, Company } from '../context.ts'
import { sql } from '../db.ts'
import type { Finding } from '../doctor.ts'

const examplesMost = 5

const differing = sql`
  with w as (select process, slice, day, from_state, action, to_state, bucket, sum(n) as n, sum(again) as again,
      sum(waived) as waived, sum(ms) as ms
    from flow_lines(array(select record_id from case_flow), false) group by 1, 2, 3, 4, 5, 6, 7)
  select coalesce(w.process, d.process) || ' ' || coalesce(w.day, d.day) || ' ' || coalesce(w.from_state, d.from_state) || ' '
    || coalesce(w.action, d.action) || ': ' || coalesce(d.n, 0) || ' instead of ' || coalesce(w.n, 0) as what
  from w full join flow_day d using (process, slice, day, from_state, action, to_state, bucket)
  where (w.n, w.again, w.waived, w.ms) is distinct from (d.n::numeric, d.again::numeric, d.waived::numeric, d.ms::numeric)
  limit 1000`

/** The sums of the process report equal what the events come to, of every case as far as it is folded. */
export async function flowOfAll(client: Client, app: App): Promise<Finding> {
  const astray: string[] = []
  const { rows: companies } = await client.query<Company>(
    'select company_id as id, slug, name, time_zone from company order by company_id')
  for (const { id } of companies) {
    await app.db.read(id, async (reader) => {
      void reader.query({ text: 'set local statement_timeout = 0' })
      const rows = await reader.query<{ what: string }>(differing)
      astray.push(...rows.map(({ what }) => `${id}:${what}`))
    })
  }
  return { check: 'sums of what happened equal the events', found: astray.length, examples: astray.slice(0, examplesMost) }
}

/** Throws the sums of a company away and has them made again by the worker, from the events. */
export async function rebuildFlow(app: App, company: number): Promise<void> {
  await app.db.transaction(company, async (tx) => {
    void tx.query({ text: 'set local statement_timeout = 0' })
    void tx.query(sql`delete from flow_day`.named('drop_flow'))
    void tx.query(sql`delete from case_flow`.named('drop_case_flow'))
    void tx.query(sql`insert into search_dirty (company_id, record_id) select current_company(), id from record`
      .named('mark_all'))
    await tx.commit()
  })
}
