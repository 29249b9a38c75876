import { labelOf } from '../answer.ts'
import type { Ctx } from '../context.ts'
import { namedByText, notCases, visible } from '../customers/visible.ts'
import { type Reader, sql } from '../db.ts'
import { stateView } from '../record-view.ts'
import { effectiveSettings, readCompanyNow } from '../settings.ts'
import type { LifeView, MachinePartView } from '../views-contracts.ts'

/**
 * The life of one machine: every case that was about it, what was done to the machine itself, and the parts that the
 * ledger saw going in, newest first, paged by key. Cases are those that the reader may see.
 */

const pageMost = 40
const partsMost = 200

/** What can be a line of a life beside cases: actions of the machine worth telling. */
const told = ['register', 'move', 'fit_part', 'key_replaced', 'report', 'retire', 'restore', 'note'] as const

type LineRow = { at: string; key: string; what: 'case' | 'event' | 'part'; id: string; process: string; number: string
  title: string; state: string; action: string; who: string | null; note: string | null; quantity: number | null }

/** Where a page goes on: the instant and the key of its last line, joined. */
export type Place = { at: string; key: string }

export const placeText = ({ at, key }: Place): string => `${at}|${key}`

/** null: not a place that a page ever ended at. */
export function placeOf(text: string): Place | null {
  const [at = '', key = '', more] = text.split('|')
  const good = more === undefined
    && /^\d{4}-\d{2}-\d{2}T[\d:.]{8,15}Z$/.test(at) && /^[a-z]:[0-9a-f-]{36}(:\d{1,9})?$/.test(key)
  return good && !Number.isNaN(Date.parse(at)) ? { at, key } : null
}

/** Each kind of line to the depth of a page by its own index; the short answers are merged. */
export async function readLife(ctx: Ctx, reader: Reader, machine: string, before: Place | null): Promise<LifeView> {
  const company = await readCompanyNow(reader)
  const settings = await effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
  const at = before?.at ?? 'infinity'
  const key = before?.key ?? '~'
  const most = pageMost + 1
  const rows = await reader.query<LineRow>(namedByText(sql`
    select l.* from (
      (select r.opened_at as at, 'c:' || r.id as key, 'case' as what, r.id, r.process, r.number, r.title, r.state,
          '' as action, m.name as who, null::text as note, null::bigint as quantity
        from record r left join member m on m.company_id = r.company_id and m.id = coalesce(r.owner, r.author)
        where r.machine = ${machine}::uuid and r.opened_at <= ${at}::timestamptz
          and (r.opened_at, 'c:' || r.id) < (${at}::timestamptz, ${key}::text)
          and ${visible(ctx, settings, notCases)}
        order by r.opened_at desc, r.id desc limit ${most})
      union all
      (select e.at, 'e:' || e.record_id || ':' || e.seq, 'event', e.record_id, e.process, '', '', e.to_state, e.action,
          m.name, coalesce(e.input->>'note', e.input->>'reason', e.input->>'part_name', e.input->>'reported'), null
        from event e left join member m on m.company_id = e.company_id and m.id = e.actor_id
        where e.record_id = ${machine}::uuid and e.action = any(${told}::text[])
          and (e.at, 'e:' || e.record_id || ':' || e.seq) < (${at}::timestamptz, ${key}::text)
        order by 1 desc, 2 desc limit ${most})
      union all
      (select v.at, 'p:' || v.id, 'part', k.id, k.process, k.number, p.name, k.state,
          case when v.old then 'out' else 'in' end, m.name, p.part_number, v.quantity
        from record k join stock_move v on v.company_id = k.company_id and v.record_id = k.id
          join part p on p.company_id = v.company_id and p.id = v.part
          left join member m on m.company_id = k.company_id and m.id = k.handler
        where k.machine = ${machine}::uuid and k.process = 'part_request' and (v.old or v.to_place = 'customer')
          and (v.at, 'p:' || v.id) < (${at}::timestamptz, ${key}::text)
        order by 1 desc, 2 desc limit ${most})) l
    order by l.at desc, l.key desc limit ${most}`, 'machine_life'))
  const shown = rows.slice(0, pageMost)
  const last = shown.at(-1)
  return { cursor: rows.length > pageMost && last ? placeText({ at: new Date(last.at).toISOString(), key: last.key }) : null,
    lines: shown.map((row) => lineView(ctx, settings.definitions, row)) }
}

function lineView(ctx: Ctx, definitions: Parameters<typeof visible>[1]['definitions'], row: LineRow):
  LifeView['lines'][number] {
  const { at, key, what, id, process, number, title, action, who, note, quantity } = row
  const definition = definitions[process] ?? ctx.app.house.processes[process]!
  const label = what === 'event' ? labelOf(ctx.words, definition, `action.${action}`)
    : what === 'part' ? ctx.words.say(action === 'out' ? 'life.part_out' : 'life.part_in')
      : labelOf(ctx.words, definition, process)
  return { key, at, what, label, who, note, quantity: quantity === null ? null : Number(quantity),
    record: what === 'event' ? null : { id, process, number, title },
    state: what === 'case' ? stateView(ctx, definition, row.state) : null }
}

/** 装机清单: what is built in now, then what came out, the newest first. */
export async function readParts(reader: Reader, machine: string): Promise<MachinePartView[]> {
  return reader.query<MachinePartView & Record<string, unknown>>(sql`
    select id, name, part_number, serial_number, fitted_on, removed_on from machine_part where machine = ${machine}::uuid
    order by removed_on is not null, removed_on desc, fitted_on desc nulls last, id desc limit ${partsMost}`
    .named('machine_parts'))
}
