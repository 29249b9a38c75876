import { isUuid } from '../../engine/fields.ts'
import { own } from '../../engine/define.ts'
import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { Fragment, type Reader, type Row, sql } from '../db.ts'
import { sightOf } from '../policy.ts'
import { stateView } from '../record-view.ts'
import { seenFields } from '../seen.ts'
import { type Effective, settingsNow } from '../settings.ts'
import type { TimelineEntryView, TimelineView } from '../views.ts'
import { type CaseRow, caseColumns, namedByText, notCases, visible } from './visible.ts'

/** Everything that happened with one customer, newest first: cases, visits, what was said, papers, notes on the file. */

/** Few of each customer, however many orders there are: an index of their own finds them. */
const rare = { visits: ['care_visit', 'visit_plan', 'call_back'], complaints: ['complaint'],
  opinions: ['opinion', 'publication'], documents: ['document', 'contract'] } as const
type Rare = keyof typeof rare

export const timelineShows = ['all', 'cases', 'visits', 'complaints', 'opinions', 'documents', 'money', 'notes'] as const
export type TimelineShow = (typeof timelineShows)[number]

const pageMost = 30
/** Heads read at most before the reader's sight narrows them; the cursor goes on from there. */
const readMost = 400
const mergedMost = 50
/** Events of the file itself: it has few. */
const notesMost = 300

type After = { at: string; id: string }

const cursorOf = ({ at, id }: After): string => Buffer.from(JSON.stringify([at, id])).toString('base64url')

/** @returns null when it is no cursor of ours */
export function afterOf(cursor: string): After | null {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    return typeof at === 'string' && !Number.isNaN(Date.parse(at)) && isUuid(id)
      ? { at: new Date(at).toISOString(), id } : null
  } catch {
    return null
  }
}

/**
 * One page of the timeline of a customer and of those that were merged into it.
 *
 * @param after  the last entry of the page before; null: from the newest
 * @returns null when there is no such customer
 */
export async function readTimeline(ctx: Ctx, reader: Reader, id: string, show: TimelineShow, after: After | null):
  Promise<TimelineView | null> {
  const settings = await settingsNow(ctx, reader)
  if (!settings.definitions.customer || sightOf('customer', ctx.actor) !== 'all') return null
  const ids = await familyOf(reader, id)
  if (ids.length === 0) return null
  const wantsNotes = show === 'all' || show === 'notes'
  const [heads, notes] = await Promise.all([
    show === 'notes' ? { rows: [], end: null } : readHeads(ctx, reader, settings, ids, show, after),
    wantsNotes ? readNotes(reader, ids, after) : []])
  const entries = [...heads.rows.map((row) => entryOf(ctx, settings, row)),
    ...notes.map((row) => noteOf(ctx, settings, row))]
    // What lies behind the last head that was read may have heads between: it waits for the next page.
    .filter((entry) => heads.end === null || before(heads.end, entry))
    .sort((a, b) => (a.at === b.at ? (a.key < b.key ? 1 : -1) : a.at < b.at ? 1 : -1))
  const page = entries.slice(0, pageMost)
  const last = page.at(-1)
  const cursor = entries.length > pageMost ? { at: last!.at, id: last!.key } : heads.end
  return { entries: await withGists(ctx, reader, settings, page), cursor: cursor && cursorOf(cursor) }
}

/** Is the entry not older than the last head that was read? */
const before = (end: After, entry: { at: string; key: string }): boolean =>
  entry.at > end.at || (entry.at === end.at && entry.key >= end.id)

/** The customer and whoever became part of it; [] when there is none. */
async function familyOf(reader: Reader, id: string): Promise<string[]> {
  const rows = await reader.query<{ id: string }>(sql`
    with recursive part as (
      select r.id, 0 as depth from record r where r.id = ${id}::uuid and r.process = 'customer'
      union select c.id, p.depth + 1 from part p join customer c on c.merged_into = p.id where p.depth < 10)
    select id from part limit ${mergedMost + 1}`.named('timeline_family'))
  return rows.map((row) => row.id)
}

type HeadRow = CaseRow & { opened_at: string; who: string | null }

/** Which heads an entry of the timeline can be, as a condition on the inner scan `n`. */
function narrowed(show: TimelineShow): Fragment {
  // As a literal: it is the condition of an index, which a customer with ten thousand machines needs.
  const cases = sql`and n.process <> 'machine'`
  if (show === 'money') return sql`${cases} and n.process = any(${['quotation', 'repair_order', 'contract']}::text[])`
  const others = [...Object.values(rare).flat(), 'task']
  if (show === 'cases') return sql`${cases} and n.process <> all(${others}::text[])`
  return cases
}

/** Newest heads, one lateral scan for each customer (and each rare process): the beginning of an index each. */
async function readHeads(ctx: Ctx, reader: Reader, settings: Effective, ids: readonly string[], show: TimelineShow,
  after: After | null): Promise<{ rows: HeadRow[]; end: After | null }> {
  const from = after ?? { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }
  const key = sql`(n.opened_at, n.id) < (${from.at}::timestamptz, ${from.id}::uuid)`
  const scan = show in rare
    ? sql`unnest(${ids}::uuid[]) as i (id) cross join unnest(${rare[show as Rare]}::text[]) as k (process)
      cross join lateral (select n.* from record n where n.customer = i.id and n.process = k.process
        and n.process in ('care_visit', 'visit_plan', 'call_back', 'complaint', 'opinion', 'publication', 'document',
          'contract', 'site') and ${key}
        order by n.opened_at desc, n.id desc limit ${pageMost + 1}) r`
    : sql`unnest(${ids}::uuid[]) as i (id)
      cross join lateral (select n.* from record n where n.customer = i.id and ${key} ${narrowed(show)}
        order by n.opened_at desc, n.id desc limit ${readMost}) r`
  const rows = await reader.query<HeadRow & { seen: boolean }>(namedByText(sql`
    select ${caseColumns}, coalesce(mh.name, mo.name) as who, ${visible(ctx, settings, notCases)} as seen
    from (select r.* from ${scan} order by r.opened_at desc, r.id desc limit ${readMost}) r
    left join member mh on mh.company_id = r.company_id and mh.id = r.handler
    left join member mo on mo.company_id = r.company_id and mo.id = r.owner
    order by r.opened_at desc, r.id desc`, 'timeline_heads'))
  const shown = rows.filter(({ seen }) => seen)
  // Enough were seen: the page ends there. Else the scan may have stopped at its bound with more behind it.
  if (shown.length > pageMost) {
    const last = shown[pageMost - 1]!
    return { rows: shown.slice(0, pageMost), end: { at: last.opened_at, id: last.id } }
  }
  const last = rows.at(-1)
  return { rows: shown, end: rows.length === readMost ? { at: last!.opened_at, id: last!.id } : null }
}

type NoteRow = Row & { record_id: string; seq: number; action: string; at: string; note: string | null; who: string | null
  edited: string[] | null }

/** What was done to the file itself, bounded: a file has few events. */
async function readNotes(reader: Reader, ids: readonly string[], after: After | null): Promise<NoteRow[]> {
  const rows = await reader.query<NoteRow>(sql`
    select e.record_id, e.seq, e.action, e.at,
      coalesce(e.input->>'note', e.input->>'reason', e.input->>'how', e.input->>'contact_name') as note, m.name as who,
      case when e.action = 'edit' then array(select jsonb_object_keys(e.input)) end as edited
    from unnest(${ids}::uuid[]) as i (id)
    cross join lateral (select * from event v where v.record_id = i.id order by v.seq desc limit ${notesMost}) e
    left join member m on m.company_id = e.company_id and m.id = e.actor_id
    where e.action not in ('warn', 'overdue', 'erased')
      and (${after === null}::boolean or e.at <= ${after?.at ?? null}::timestamptz)
    order by e.at desc, e.seq desc limit ${notesMost}`.named('timeline_notes'))
  return rows.filter((row) => after === null || row.at < after.at
    || (row.at === after.at && noteKey(row) < after.id))
}

/** Notes have no id of their own: they sort among heads of the same instant by their place in the file. */
const noteKey = ({ record_id, seq }: NoteRow): string =>
  `${record_id.slice(0, 24)}${seq.toString(16).padStart(12, '0')}`

type Entry = TimelineEntryView & { key: string }

function entryOf(ctx: Ctx, { definitions }: Effective, row: HeadRow): Entry {
  const process = definitions[row.process]!
  return { key: row.id, id: row.id, process: row.process, at: row.opened_at, label: labelOf(ctx.words, process,
    process.name), number: row.number, title: row.title, state: stateView(ctx, process, row.state), who: row.who,
  text: null, fen: null, next_due_at: row.next_due_at, closed_at: row.closed_at }
}

function noteOf(ctx: Ctx, { definitions }: Effective, row: NoteRow): Entry {
  const process = definitions.customer!
  return { key: noteKey(row), id: row.record_id, process: 'customer', at: row.at,
    label: labelOf(ctx.words, process, `action.${row.action}`), number: null, title: null, state: null, who: row.who,
    text: row.edited ? row.edited.map((name) => labelOf(ctx.words, process, `field.${name}`))
      .join(ctx.words.language === 'en' ? ', ' : '、') : row.note, fen: null, next_due_at: null, closed_at: null }
}

const gistMost = 200

/** A line of what each entry says, one statement a process of the page. */
async function withGists(ctx: Ctx, reader: Reader, settings: Effective, page: readonly Entry[]):
  Promise<TimelineEntryView[]> {
  const names = [...new Set(page.filter(({ state }) => state !== null).map(({ process }) => process))]
  const gists = await Promise.all(names.map((name) => readGists(ctx, reader, settings, name,
    page.filter(({ process }) => process === name).map(({ id }) => id))))
  const by = new Map(gists.flat().map((row) => [row.id, row]))
  return page.map(({ key: _key, ...entry }) => (entry.state === null ? entry
    : { ...entry, text: by.get(entry.id)?.gist ?? null, fen: by.get(entry.id)?.fen ?? null }))
}

/** The sum of a process that has one. */
const sums: Readonly<Record<string, string>> = { quotation: 'total_fen', repair_order: 'agreed_fen' }

function readGists(ctx: Ctx, reader: Reader, settings: Effective, name: string, ids: readonly string[]) {
  const noun = ctx.app.house.nouns[name]!
  const sees = seenFields(settings.definitions[name]!, ctx.actor)
  const columns = (noun.search ?? []).filter((column) => sees(column) && column !== 'contact_phone')
  const words = columns.length === 0 ? 'null' : `left(nullif(concat_ws(' · ', ${columns.map((column) =>
    `nullif(n.${column}, '')`).join(', ')}), ''), ${gistMost})`
  const sum = own(sums, name)
  return reader.query<{ id: string; gist: string | null; fen: number | null }>(sql`
    select n.id, ${new Fragment(words, [])} as gist, ${new Fragment(sum ? `n.${sum}` : 'null::bigint', [])} as fen
    from ${new Fragment(noun.table, [])} n where n.id = any(${ids}::uuid[])`.named(`gists:${name}:${columns.length}`))
}
