import type { Client } from 'pg'

type Reference = { table: string; name: string; definition: string }

/**
 * Divides the table of events by company: one part for each of these companies, one for all others. In one transaction, with
 * nobody at work: all is as before afterwards, or nothing has happened. Keys, checks, policies, rights and references stay as the
 * migrations made them; a part's keys carry the name of the whole with `_of_…` behind it, by which the engine knows them.
 *
 * @param client  a superuser or the owner of the tables, outside of a transaction
 */
export async function divideEvents(client: Client, companies: readonly number[]): Promise<void> {
  await client.query('begin')
  try {
    const [{ owner }] = (await client.query<{ owner: string }>(`select quote_ident(tableowner) as owner from pg_tables
      where tablename = 'event'`)).rows as [{ owner: string }]
    await client.query(`set local role ${owner}`)
    const references = (await client.query<Reference>(`
      select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where confrelid = 'event'::regclass and contype = 'f' and conparentid = 0`)).rows
    const own = (await client.query<Reference>(`
      select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = 'event'::regclass and contype in ('p', 'u', 'f') and confrelid is distinct from 'event'::regclass`)).rows
    const indexes = (await client.query<{ name: string; definition: string }>(`
      select c.relname as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = 'event'::regclass and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`)).rows
    const policies = (await client.query<{ name: string; using: string; check: string | null }>(`
      select polname as name, pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
      from pg_policy where polrelid = 'event'::regclass`)).rows
    const rights = (await client.query<{ who: string; what: string }>(`
      select grantee as who, string_agg(distinct privilege_type, ', ') as what from information_schema.role_table_grants
      where table_name = 'event' and grantee <> (select tableowner from pg_tables where tablename = 'event') group by grantee`)).rows
    for (const { table, name } of references) await client.query(`alter table ${table} drop constraint ${name}`)
    await client.query('alter table event rename to event_before')
    await client.query(`create table event (like event_before including defaults including generated including constraints including comments)
      partition by list (company_id)`)
    for (const company of companies) await client.query(`create table event_of_${company} partition of event for values in (${company})`)
    await client.query('create table event_of_rest partition of event default')
    await client.query('insert into event select * from event_before')
    await client.query('drop table event_before')
    for (const { name, definition } of own) await client.query(`alter table event add constraint ${name} ${definition}`)
    for (const { definition } of indexes) await client.query(definition)
    await client.query(`do $$ declare part record; begin
      for part in select l.relname as was, p.relname || substr(t.relname, 6) as becomes from pg_index i
        join pg_class l on l.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
        join pg_inherits h on h.inhrelid = l.oid join pg_class p on p.oid = h.inhparent
        where t.relname like 'event\\_of\\_%' loop
        execute format('alter index %I rename to %I', part.was, part.becomes);
      end loop; end $$`)
    for (const { table, name, definition } of references) await client.query(`alter table ${table} add constraint ${name} ${definition}`)
    await client.query('alter table event enable row level security')
    for (const { name, using, check } of policies) {
      await client.query(`create policy ${name} on event using (${using})${check === null ? '' : ` with check (${check})`}`)
    }
    for (const { who, what } of rights) await client.query(`grant ${what} on event to ${who}`)
    await client.query(`do $$ declare part regclass; begin
      for part in select inhrelid::regclass from pg_inherits where inhparent = 'event'::regclass loop
        execute format('alter table %s enable row level security', part);
      end loop; end $$`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
