import type { AnyProcess } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import { type Doer, type Role } from '../../engine/roles.ts'
import { wordsOf } from '../../words/index.ts'
import { companyIn } from '../by-itself.ts'
import type { App, Company, Ctx } from '../context.ts'
import { type Reader, type Tx, sql } from '../db.ts'
import type { Noun } from '../records/noun.ts'
import { type Effective, effectiveSettings, readCompanyNow } from '../settings.ts'
import { type SheetKind, sheetFields, sheetKinds } from './kinds.ts'

export type JobState = 'reading' | 'mapping' | 'checking' | 'checked' | 'writing' | 'done' | 'stopped' | 'failed'
  | 'cancelled'

/** A job as its row says. `fields` by column; `fillers` by field, as somebody would type them. */
export type Job = { id: string; kind: string; state: JobState; file_id: string; file_name: string; by_kind: 'member' | 'key'
  by_id: string; headings: string[]; samples: string[][]; fields: (string | null)[]; fillers: Record<string, string>
  /** Rows whose record is there change it. */
  updates: boolean
  /** The sheets of the workbook that hold something; the one that was chosen, null: the first of them. */
  sheets: string[]; sheet: string | null
  only_good: boolean; rows_total: number; seen: number; counts: Record<string, number>
  problem: { code: string; line?: number; text?: string } | null; created_at: string; ended_at: string | null }

export const leaseSeconds = 60

const jobColumns = sql`id, kind, state, file_id, file_name, by_kind, by_id, headings, samples, fields, fillers, updates,
  sheets, sheet, only_good, rows_total, seen, counts, problem, created_at, ended_at`

export async function readJob(reader: Reader, id: string): Promise<Job | null> {
  const [job] = await reader.query<Job>(sql`select ${jobColumns} from sheet_job where id = ${id}::uuid`.named('sheet_job'))
  return job ?? null
}

const jobsShown = 20

/** The newest jobs, those of one person or all. */
export const readJobs = (reader: Reader, by: string | null): Promise<Job[]> => reader.query<Job>(sql`
  select ${jobColumns} from sheet_job where ${by}::uuid is null or by_id = ${by}::uuid
  order by created_at desc, id desc limit ${jobsShown}`.named('sheet_jobs'))

export async function insertJob(tx: Tx, job: Pick<Job, 'id' | 'kind' | 'file_id' | 'file_name' | 'by_kind' | 'by_id'>,
  now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await tx.query(sql`
    insert into sheet_job (company_id, id, kind, state, file_id, file_name, by_kind, by_id, created_at, changed_at)
    values (current_company(), ${job.id}::uuid, ${job.kind}, 'reading', ${job.file_id}::uuid, ${job.file_name},
      ${job.by_kind}, ${job.by_id}::uuid, ${at}::timestamptz, ${at}::timestamptz)`.named('insert_sheet_job'))
}

type Patch = Partial<Pick<Job, 'state' | 'headings' | 'samples' | 'fields' | 'fillers' | 'updates' | 'sheets' | 'sheet' | 'only_good'
  | 'rows_total' | 'seen' | 'counts' | 'problem'>>

const endStates: readonly JobState[] = ['done', 'stopped', 'failed', 'cancelled']

/**
 * Moves a job on, if it still is in the state that the caller saw.
 *
 * @param holding the caller is its worker and keeps it for another lease
 * @returns false when somebody else has moved it (called it off)
 */
export async function patchJob(tx: Tx, id: string, from: JobState, patch: Patch, now: number, holding: boolean):
  Promise<boolean> {
  const at = new Date(now).toISOString()
  const ends = patch.state !== undefined && endStates.includes(patch.state)
  const rows = await tx.query(sql`
    update sheet_job j set (state, headings, samples, fields, fillers, updates, sheets, sheet, only_good, rows_total, seen, counts,
      problem) = (select p.state, p.headings, p.samples, p.fields, p.fillers, p.updates, p.sheets, p.sheet, p.only_good,
        p.rows_total, p.seen, p.counts, p.problem
       from jsonb_populate_record(j, ${JSON.stringify(patch)}::jsonb) p),
      changed_at = ${at}::timestamptz, ended_at = case when ${ends}::boolean then ${at}::timestamptz end,
      leased_until = case when ${holding}::boolean then ${at}::timestamptz + make_interval(secs => ${leaseSeconds}::int)
        else '-infinity' end
    where id = ${id}::uuid and state = ${from} returning 1`.named('patch_sheet_job'))
  return rows.length === 1
}

/** Everything that a step of a job needs to know, as the person who brought the sheet. */
export type Place = { app: App; ctx: Ctx; job: Job; kind: SheetKind; process: AnyProcess; noun: Noun
  settings: Effective; fields: Readonly<Record<string, AnyField>> }

/** Who brought it, with the roles of today. Null: not at work here any more. */
async function whoBrought(reader: Reader, job: Job): Promise<Ctx['actor'] | null> {
  const [row] = await reader.query<{ name: string; roles: Role[] }>(job.by_kind === 'member' ? sql`
    select m.name, array(select distinct unnest(p.roles) from position p where p.key = any(m.positions)) as roles
    from member m where m.id = ${job.by_id}::uuid and m.active`.named('sheet_member') : sql`
    select k.name, k.roles from api_key k where k.id = ${job.by_id}::uuid and k.revoked_at is null`.named('sheet_key'))
  return row ? { kind: job.by_kind, id: job.by_id, name: row.name, roles: row.roles as Doer[] } : null
}

/** Null: the job is gone, its person or its process is. */
export async function placeOf(app: App, company: number, id: string): Promise<Place | null> {
  return app.db.read(company, async (reader) => {
    const [job, own, now] = await Promise.all([readJob(reader, id), companyIn(reader), readCompanyNow(reader)])
    if (!job) return null
    const actor = await whoBrought(reader, job)
    const kind = sheetKinds[job.kind]
    const settings = await effectiveSettings(app, reader, company, now.profile, now.revision)
    const process = kind && settings.definitions[kind.process]
    const noun = kind && app.house.nouns[kind.process]
    if (!kind || !process || !noun || !actor) return null
    return { app, job, kind, process, noun, settings, fields: sheetFields(kind, process),
      ctx: contextOf(app, own, actor) }
  })
}

const contextOf = (app: App, company: Company, actor: Ctx['actor']): Ctx =>
  ({ app, company, actor, now: app.clock(), via: 'import', words: wordsOf('zh') })
