import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { uuidv7 } from 'uuidv7'
import { type AnyProcess, fieldsOf, own } from '../engine/define.ts'
import { cleanText, fail } from '../engine/fields.ts'
import { type Refusal, refuse } from '../engine/refusal.ts'
import type { Actor, App, Ctx } from './context.ts'
import { type Reader, type Tx, sql } from './db.ts'
import { machine } from './by-itself.ts'
import { recognise } from './file-types.ts'
import { namedFiles } from './files-claim.ts'
import { sightCondition, sightOf } from './policy.ts'
import type { FileStore, Received } from './ports/file-store.ts'
import { run } from './run.ts'
import { seenFields } from './seen.ts'
import { effectiveSettings, readCompanyNow } from './settings.ts'
import type { FileView } from './views.ts'

/** The most bytes of one file. */
export const fileMost = 20 * 1_048_576
const nameMost = 200
/** Files that one person may have lying about without a record. */
const unclaimedMost = 200
const unclaimedHours = 48
const hourMs = 3_600_000

const storeOf = (app: App): FileStore => {
  if (!app.files) throw new Error('the server was started without a place for files')
  return app.files
}

/** Nobody removes the bytes of a hash while somebody else brings them in: both hold this until their commit. */
const lockHash = (sha256: string) => sql`
  select pg_advisory_xact_lock(hashtextextended(current_company() || ':' || ${sha256}::text, 0))`.named('lock_hash')

type Insert = { id: string; name: string; type: string; size: number; sha256: string; at: number; record: string | null
  seq: number | null; for_customer: boolean; actor: Pick<Actor, 'kind' | 'id' | 'link'> }

const insertFile = (file: Insert) => sql`
  insert into file (company_id, id, sha256, name, type, size, uploaded_kind, uploaded_by, uploaded_for, created_at,
    record_id, seq, for_customer)
  values (current_company(), ${file.id}, ${file.sha256}, ${file.name}, ${file.type}, ${file.size}::bigint,
    ${file.actor.kind}, ${file.actor.id}::uuid, ${file.actor.link?.record ?? null}::uuid,
    ${new Date(file.at).toISOString()}::timestamptz, ${file.record}::uuid, ${file.seq}::int, ${file.for_customer})`
  .named('insert_file')

async function keep(app: App, company: number, received: Received, file: Insert): Promise<FileView> {
  await app.db.transaction(company, async (tx) => {
    await tx.query(lockHash(file.sha256))
    await received.keep()
    void tx.query(insertFile(file))
    await tx.commit()
  })
  return { id: file.id, name: file.name, type: file.type, size: file.size,
    created_at: new Date(file.at).toISOString() }
}

export type Upload = { ok: true; file: FileView } | { ok: false; refusal: Refusal }

/** The bytes of a file from outside, taken aside. Whoever calls this drops them in the end, kept or not. */
export const receive = (ctx: Ctx, stream: Readable): Promise<Received> =>
  storeOf(ctx.app).put(ctx.company.id, stream, fileMost)

/**
 * Keeps a file from outside: a row that only its uploader sees, until an action names it.
 *
 * @param field the name of the form's part: problems are told under it
 */
export async function upload(ctx: Ctx, field: string, name: string, received: Received): Promise<Upload> {
  const cleaned = cleanText(field, name.split(/[\\/]/).at(-1) ?? '', { max: nameMost, lines: false })
  if ('problem' in cleaned) return refuse('bad_input', { fields: [cleaned.problem] })
  if (received.truncated) return refuse('too_large', { params: { max: `${fileMost / 1_048_576} MB` } })
  if (received.size === 0) return refuse('bad_input', { fields: [fail(field, 'required')] })
  const given = (cleaned.value as string) || 'file'
  const found = await recognise(received.path, given)
  if ('problem' in found) {
    return refuse('bad_input', { fields: [fail(field, found.problem, { type: found.type, name: given })] })
  }
  const infected = await infectedBy(ctx, received, given).catch((error: Error) => {
    ctx.app.log.error({ error: error.message }, 'an upload could not be looked at')
    return away
  })
  if (infected === away) return refuse('unavailable')
  if (typeof infected === 'string') {
    return refuse('bad_input', { fields: [fail(field, 'file_infected', { virus: infected, name: given })] })
  }
  if (await tooManyLoose(ctx)) return refuse('too_many')
  const file = await keep(ctx.app, ctx.company.id, received, { id: uuidv7(), ...found, size: received.size,
    sha256: received.sha256, at: ctx.now, record: null, seq: null, for_customer: false, actor: ctx.actor })
  return { ok: true, file }
}

/** Who brought a file: the same person, or the same private link. */
export const broughtBy = (actor: Actor) => sql`
  f.uploaded_kind = ${actor.kind} and f.uploaded_by is not distinct from ${actor.id}::uuid
  and f.uploaded_for is not distinct from ${actor.link?.record ?? null}::uuid`

async function tooManyLoose(ctx: Ctx): Promise<boolean> {
  const [row] = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ count: number }>(sql`
    select count(*)::int as count from (select 1 from file f where f.record_id is null and ${broughtBy(ctx.actor)}
      limit ${unclaimedMost}) loose`.named('loose_files')))
  return (row?.count ?? 0) >= unclaimedMost
}

/**
 * Keeps a file that the server itself made (a print), claimed by the event that asked for it.
 *
 * @param file.for_customer it may be opened through the private link of its record
 * @param file.id so that a repeated attempt runs into the first one
 */
export async function storeFile(app: App, companyId: number, file: { name: string; type: string; bytes: Uint8Array
  record: string; seq: number; for_customer?: boolean; id?: string }): Promise<FileView> {
  const bytes = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
  const received = await storeOf(app).put(companyId, Readable.from([bytes]), Number.MAX_SAFE_INTEGER)
  try {
    return await keep(app, companyId, received, { id: file.id ?? uuidv7(), name: file.name.slice(0, nameMost),
      type: file.type, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), at: app.clock(),
      record: file.record, seq: file.seq, for_customer: file.for_customer ?? false,
      actor: { kind: 'system', id: null } })
  } finally {
    await received.drop()
  }
}

const away = Symbol('the scanner is away')

/**
 * What a scanner finds in an upload goes aside and to the administrators as a 待办; null: nothing, or there is no scanner.
 *
 * @throws when the scanner is away: what nobody has looked at is not taken
 */
async function infectedBy(ctx: Ctx, received: Received, name: string): Promise<string | null> {
  const { app, company, actor } = ctx
  const verdict = await app.scanner?.scan(received.path)
  if (!verdict || verdict.clean) return null
  const { virus } = verdict
  await app.scanner!.aside(received.path, { company: company.id, sha256: received.sha256, name, virus, by: actor.name })
  app.log.warn({ company: company.slug, sha256: received.sha256, virus }, 'an upload is infected')
  await run(machine(app, company, actor.kind === 'member' ? actor.id : null), { process: 'task', action: 'create', id: null,
    key: `infected:${received.sha256}`, input: { team: 'administrator',
      title: ctx.words.say('file.infected', { name: name.slice(0, 60), virus: virus.slice(0, 40), by: actor.name.slice(0, 40) }) } })
  return virus
}

export type FileFound = FileView & { sha256: string; open(): Promise<Readable | null> }

type FileRow = FileView & { sha256: string; record_id: string | null; process: string | null; for_customer: boolean
  brought: boolean; input: Record<string, unknown> | null; action: string | null; printed: boolean }

/** A file that this reader may see: who brought it, or who sees the record and the field that name it. Else null. */
export async function readFile(ctx: Ctx, id: string): Promise<FileFound | null> {
  return ctx.app.db.read(ctx.company.id, async (reader) => {
    const row = await readRow(ctx, reader, id)
    if (!row || !await sees(ctx, reader, row, id)) return null
    const { name, type, size, created_at, sha256 } = row
    return { id, name, type, size, created_at, sha256, open: () => storeOf(ctx.app).get(ctx.company.id, sha256) }
  })
}

async function readRow(ctx: Ctx, reader: Reader, id: string): Promise<FileRow | undefined> {
  const [row] = await reader.query<FileRow>(sql`
    select f.name, f.type, f.size, f.created_at, f.sha256, f.record_id, f.for_customer, e.process, e.input, e.action,
      ${broughtBy(ctx.actor)} as brought, f.uploaded_kind = 'system' as printed
    from file f left join event e on e.record_id = f.record_id and e.seq = f.seq
    where f.id = ${id}::uuid and f.erased_at is null`.named('file'))
  return row
}

async function sees(ctx: Ctx, reader: Reader, row: FileRow, id: string): Promise<boolean> {
  const { actor } = ctx
  if (row.brought && actor.kind !== 'system') return true
  if (row.record_id === null || row.process === null) return false
  const [there] = await reader.query(sql`select 1 from record r where r.id = ${row.record_id}::uuid
    and ${sightCondition(sightOf(row.process, actor))}`)
  if (!there) return false
  if (row.printed) return actor.kind !== 'contact' || row.for_customer
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const process = own(settings.definitions, row.process)
  return process !== undefined && fieldIsSeen(process, actor, row.input ?? {}, id)
}

/** Through any field that names the file and that this reader sees. */
function fieldIsSeen(process: AnyProcess, actor: Actor, input: Record<string, unknown>, id: string): boolean {
  const sees = seenFields(process, actor)
  const fields = fieldsOf(process)
  return Object.entries(input).some(([name, value]) => {
    const field = own(fields, name)
    return field !== undefined && sees(name) && namedFiles(name, field, value, true).some((one) => one.id === id)
  })
}

const sweepBatch = 200

/**
 * Removes files that nothing named within 48 hours, and the bytes of erased ones. Bytes go only when no other row of
 * the company needs them, under the lock of their hash; a stop half-way leaves rows that the next sweep finds.
 *
 * @returns how many rows were dealt with; a full batch means that there is more
 */
export async function sweepFiles(app: App): Promise<number> {
  const before = app.clock() - unclaimedHours * hourMs
  const stale = await app.db.door<{ company_id: number; id: string; sha256: string }>(sql`
    select company_id, id, sha256 from stale_files(${new Date(before).toISOString()}::timestamptz, ${sweepBatch}::int)`)
  for (const { company_id, id, sha256 } of stale) {
    await app.db.transaction(company_id, (tx) => sweepOne(app, tx, company_id, id, sha256, before))
  }
  await storeOf(app).tidy(before)
  return stale.length
}

async function sweepOne(app: App, tx: Tx, company: number, id: string, sha256: string, before: number): Promise<void> {
  void tx.query(lockHash(sha256))
  void tx.query(sql`delete from file where id = ${id} and record_id is null
    and created_at < ${new Date(before).toISOString()}::timestamptz`.named('sweep_unclaimed'))
  void tx.query(sql`update file set removed_at = ${new Date(app.clock()).toISOString()}::timestamptz
    where id = ${id} and erased_at is not null`.named('sweep_erased'))
  const needed = await tx.query(sql`select 1 from file where sha256 = ${sha256} and erased_at is null limit 1`
    .named('hash_needed'))
  if (needed.length === 0) await storeOf(app).remove(company, sha256)
  await tx.commit()
}
