import type { Client } from 'pg'

/** A table as a backup sees it. */
export type BackupTable = {
  name: string
  /** Columns that hold something of their own: generated ones are left out. */
  columns: readonly string[]
  /** What `order by` gives every copy of the table the same order, on every server. */
  order: string
}

type Row = { name: string; columns: string[]; key: string[]; texts: string[] }

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** How values are written: the same text on every server, whatever its own settings say. */
export const sameText = `set datestyle to 'ISO'; set intervalstyle to 'iso_8601'; set timezone to 'UTC';
  set extra_float_digits to 3; set bytea_output to 'hex'; set client_encoding to 'UTF8'`

/** What a database notes about itself, and what the migrations of the other side make anew. */
const ownNotes = ['migration']

/**
 * Every table of the schema, by name, with its primary key as its order.
 *
 * @throws Error for a table without a primary key: it could not be compared
 */
export async function tablesOf(client: Client): Promise<BackupTable[]> {
  const { rows } = await client.query<Row>(`
    select c.relname as name,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
        and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select a.attname::text from unnest(i.indkey) with ordinality k (num, n)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num order by k.n) as key,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid
        and a.attcollation <> 0) as texts
    from pg_class c join pg_namespace s on s.oid = c.relnamespace
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where s.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by c.relname collate "C"`)
  return rows.filter(({ name }) => !ownNotes.includes(name)).map(({ name, columns, key, texts }) => {
    if (key.length === 0) throw new Error(`The table ${name} has no primary key`)
    // Two servers may sort texts by two dictionaries; by code point they agree.
    const order = key.map((column) => `${quoted(column)}${texts.includes(column) ? ' collate "C"' : ''}`).join(', ')
    return { name, columns, order }
  })
}

const columnsOf = (table: BackupTable): string => table.columns.map(quoted).join(', ')

/** Everything of a table as text, in its order. */
export const copyOut = (table: BackupTable): string =>
  `copy (select ${columnsOf(table)} from public.${quoted(table.name)} order by ${table.order}) to stdout`

export const copyIn = (table: BackupTable): string =>
  `copy public.${quoted(table.name)} (${columnsOf(table)}) from stdin`

type Key = { owner: string; name: string; definition: string }

/**
 * Foreign keys and triggers rest while tables are filled one after another, whatever points to what; afterwards every
 * key is made again, which checks all rows at once. Part of the caller's transaction.
 *
 * @returns makes the keys again and wakes the triggers
 */
export async function restKeys(client: Client, tables: readonly BackupTable[]): Promise<() => Promise<void>> {
  const { rows: keys } = await client.query<Key>(`
    select c.conrelid::regclass::text as owner, c.conname as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_namespace s on s.oid = c.connamespace
    where s.nspname = 'public' and c.contype = 'f' and c.conparentid = 0`)
  for (const { owner, name } of keys) await client.query(`alter table ${owner} drop constraint ${quoted(name)}`)
  for (const { name } of tables) await client.query(`alter table public.${quoted(name)} disable trigger user`)
  return async () => {
    for (const { owner, name, definition } of keys) {
      await client.query(`alter table ${owner} add constraint ${quoted(name)} ${definition}`)
    }
    for (const { name } of tables) await client.query(`alter table public.${quoted(name)} enable trigger user`)
  }
}

/** Counters of identity columns go on after the highest number that was brought in. */
export async function moveCounters(client: Client): Promise<void> {
  const { rows } = await client.query<{ owner: string; column: string }>(`
    select c.oid::regclass::text as owner, a.attname::text as column from pg_class c
    join pg_namespace s on s.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where s.nspname = 'public' and a.attidentity <> ''`)
  for (const { owner, column } of rows) {
    await client.query(`select setval(pg_get_serial_sequence($1, $2), coalesce(max(${quoted(column)}), 0) + 1, false)
      from ${owner}`, [owner, column])
  }
}
