import type { Client } from 'pg'

/** What the migrations made of the table of events, to be made again of the divided one. */
type Made = { keys: readonly Key[]; references: readonly Key[]; indexes: readonly string[]; policies: readonly Policy[]
  rights: readonly Right[] }
type Key = { table: string; name: string; definition: string }
type Policy = { name: string; using: string; check: string | null }
type Right = { who: string; what: string }

/**
 * Divides the table of events by company: one part for each of these, one for all others. One transaction, with nobody at work:
 * all is as before afterwards, or nothing has happened. Keys, checks, policies, rights and references are made again as the
 * migrations made them; the keys of a part carry the name of the whole with `_of_…` behind it, by which the engine knows them.
 *
 * @param owner  as the owner of the tables, outside of a transaction
 * @throws Error when it is divided already
 */
export async function divideEvents(owner: Client, companies: readonly number[]): Promise<void> {
  await owner.query('begin')
  try {
    const made = await readMade(owner)
    for (const { table, name } of made.references) await owner.query(`alter table ${table} drop constraint ${name}`)
    await owner.query('alter table event rename to event_before')
    await owner.query(`create table event (like event_before including defaults including generated including constraints)
      partition by list (company_id)`)
    for (const company of companies) await owner.query(`create table event_of_${company} partition of event for values in (${company})`)
    await owner.query('create table event_of_rest partition of event default')
    await owner.query('insert into event select * from event_before')
    await owner.query('drop table event_before')
    await makeAgain(owner, made)
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback')
    throw error
  }
}

async function readMade(owner: Client): Promise<Made> {
  const rows = async <R extends object>(text: string): Promise<R[]> => (await owner.query<R>(text)).rows
  const [table] = await rows<{ divided: boolean }>(`select relkind = 'p' as divided from pg_class where oid = 'event'::regclass`)
  if (table?.divided) throw new Error('the table of events is divided already')
  const key = `conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint`
  return {
    references: await rows(`select ${key} where confrelid = 'event'::regclass and contype = 'f'`),
    keys: await rows(`select ${key} where conrelid = 'event'::regclass and contype in ('p', 'u', 'f')
      and confrelid <> 'event'::regclass`),
    indexes: (await rows<{ definition: string }>(`select pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = 'event'::regclass and not exists (select from pg_constraint k where k.conindid = i.indexrelid)`))
      .map(({ definition }) => definition),
    policies: await rows(`select polname as name, pg_get_expr(polqual, polrelid) as using,
      pg_get_expr(polwithcheck, polrelid) as check from pg_policy where polrelid = 'event'::regclass`),
    rights: await rows(`select grantee::regrole::text as who, string_agg(privilege_type, ', ') as what from pg_class c,
      aclexplode(c.relacl) where c.oid = 'event'::regclass and grantee <> c.relowner group by grantee`),
  }
}

async function makeAgain(owner: Client, { keys, references, indexes, policies, rights }: Made): Promise<void> {
  for (const { name, definition } of keys) await owner.query(`alter table event add constraint ${name} ${definition}`)
  for (const definition of indexes) await owner.query(definition)
  await owner.query(nameKeysOfParts)
  for (const { table, name, definition } of references) await owner.query(`alter table ${table} add constraint ${name} ${definition}`)
  await owner.query(guardAll)
  for (const { name, using, check } of policies) {
    await owner.query(`create policy ${name} on event using (${using})${check === null ? '' : ` with check (${check})`}`)
  }
  for (const { who, what } of rights) await owner.query(`grant ${what} on event to ${who}`)
}

/** event_request of the whole is event_request_of_7 of the part event_of_7. */
const nameKeysOfParts = `do $$ declare part record; begin
  for part in select l.relname as was, p.relname || substr(t.relname, 6) as becomes from pg_index i
    join pg_class l on l.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_inherits h on h.inhrelid = l.oid join pg_class p on p.oid = h.inhparent
    where h.inhparent in (select indexrelid from pg_index where indrelid = 'event'::regclass) loop
    execute format('alter index %I rename to %I', part.was, part.becomes);
  end loop; end $$`

/** The parts have no policy and no rights: the whole is the only door. */
const guardAll = `do $$ declare part regclass; begin
  alter table event enable row level security;
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'event'::regclass loop
    execute format('alter table %s enable row level security', part);
  end loop; end $$`
