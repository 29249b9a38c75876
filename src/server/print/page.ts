import { randomBytes } from 'node:crypto'
import { create } from 'qrcode'
import { type AnyProcess, fieldsOf } from '../../engine/define.ts'
import { type AnyField, isUuid } from '../../engine/fields.ts'
import { type Role, roles } from '../../engine/roles.ts'
import { phoneText } from '../../words/phone.ts'
import { labelOf } from '../answer.ts'
import type { Case } from '../case.ts'
import type { Ctx } from '../context.ts'
import { sql } from '../db.ts'

/** What every template gets: all of it text, in the company's words and time. */
export type Page = {
  company: string; document: string; number: string; title: string; state: string
  /** Fields of the record that have a value, by name, in the order of its forms. */
  fields: Record<string, { label: string; text: string; long: boolean }>
  /** Rows of a field (parts of a quotation), answers of a checklist. */
  tables: { label: string; columns: string[]; rows: string[][] }[]
  people: { owner: string; handler: string; author: string }
  opened: string; due: string
  clocks: { label: string; due: string; late: boolean }[]
  printed: string; printed_by: string; reprint: number
  qr: string; code: string; qr_text: string
  words: Record<string, string>
}

/** Letters and digits that nobody mistakes for one another (Crockford). */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const randomCode = (): string => [...randomBytes(16)].map((byte) => letters[byte & 31]!).join('')

/** The random code on the paper of a record: made at its first print, the same for every reprint. */
export async function paperCode(ctx: Ctx, record: string): Promise<string> {
  const [row] = await ctx.app.db.transaction(ctx.company.id, async (tx) => {
    void tx.query(sql`
      insert into paper_code (company_id, record_id, code, made_at)
      values (current_company(), ${record}::uuid, ${randomCode()}, ${new Date(ctx.now)}::timestamptz)
      on conflict (company_id, record_id) do nothing`.named('make_paper_code'))
    const found = tx.query<{ code: string }>(sql`
      select code from paper_code where record_id = ${record}::uuid`.named('paper_code'))
    await tx.commit()
    return found
  })
  return row!.code
}

/** A QR code as an SVG that typst takes as it is: one path, a bar for each run of dark squares. */
export function qrSvg(text: string): string {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules
  let path = ''
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = x
      while (x < size && data[y * size + x]) x += 1
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">`
    + `<path d="${path}" fill="#000"/></svg>`
}

/** The words of the forms themselves; paper speaks Chinese. */
export const formWords = { number: '单号', state: '状态', title: '事项', owner: '负责人', handler: '处理人', author: '提出人',
  opened: '建立时间', team: '负责组', detail: '说明', due: '期限', clock: '时限', none: '—', late: '已超时', result: '办理结果',
  signature: '签字', date: '日期', printed: '打印', reprint: '补打第', times: '次', scan: '扫码查看',
  fold: '本单由系统打印，内容以系统记录为准' }

/** Gathers what is printed about a case. */
export async function pageOf(ctx: Ctx, one: Case, document: string, by: string | null, reprint: number,
  publicUrl: string | null): Promise<Page> {
  const { head, process, values } = one
  const [code, names] = await Promise.all([paperCode(ctx, head.id), namesOf(ctx, one)])
  const name = (id: string | null) => (id === null ? '' : names.get(id) ?? '')
  const text = publicUrl === null ? code : `${publicUrl.replace(/\/$/, '')}/q/${code}`
  const label = (key: string) => labelOf(ctx.words, process, `field.${key}`)
  const fields = Object.entries(fieldTexts(ctx, one, names)).map(([key, said]) =>
    [key, { label: label(key), text: said, long: fieldsOf(process)[key]!.kind === 'long_text' }] as const)
  const tables = onPaper(process).flatMap(([key, field]) => tableOf(ctx, label(key), field, values[key], names) ?? [])
  return {
    company: ctx.company.name, document: labelOf(ctx.words, process, `document.${document}`), number: head.number,
    title: head.title, state: labelOf(ctx.words, process, `state.${head.state}`),
    fields: Object.fromEntries(fields), tables,
    people: { owner: name(head.owner), handler: name(head.handler), author: name(head.author) },
    opened: wallClock(ctx, head.opened_at), due: wallClock(ctx, head.next_due_at),
    clocks: one.clocks.views.filter(({ state }) => state === 'running' || state === 'late').map((view) => ({
      label: labelOf(ctx.words, process, `clock.${view.clock}`), late: view.state === 'late',
      due: wallClock(ctx, view.due_at === null ? null : new Date(view.due_at).toISOString()) })),
    printed: wallClock(ctx, new Date(ctx.now).toISOString()), printed_by: by ?? '', reprint,
    qr: qrSvg(text), qr_text: text, code: code.replace(/(.{4})(?=.)/g, '$1-'), words: formWords,
  }
}

/** Paper leaves the house: what only some roles may see is not on it. */
const onPaper = (process: AnyProcess) => Object.entries(fieldsOf(process))
  .filter(([, { seen_by, retired }]) => !retired && (!seen_by || seen_by.includes('customer')))

/** Every field of a case that has a value and may stand on paper, as paper says it. */
export const fieldTexts = (ctx: Ctx, { process, values }: Case, names: ReadonlyMap<string, string>):
  Record<string, string> => Object.fromEntries(onPaper(process)
  .map(([key, field]) => [key, textOf(ctx, field, values[key], names)] as const).filter(([, said]) => said !== ''))

/** Names of the people, numbers and titles of the records that are named. */
export async function namesOf(ctx: Ctx, { head, values }: Case): Promise<ReadonlyMap<string, string>> {
  // A row of a table names records, too.
  const inRows = Object.values(values).flatMap((value) => (Array.isArray(value)
    ? value.flatMap((row: unknown) => (typeof row === 'object' && row !== null ? Object.values(row) : [])) : []))
  const ids = [head.owner, head.handler, head.author, ...Object.values(values), ...inRows].filter(isUuid)
  const rows = await ctx.app.db.read(ctx.company.id, (reader) => reader.query<{ id: string; name: string }>(sql`
    select r.id, coalesce(m.name, nullif(r.title, ''), r.number) as name from record r
      left join member m on m.company_id = r.company_id and m.id = r.id
    where r.id = any(${[...new Set(ids)]}::uuid[])`.named('names_to_print')))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** «2026-11-25 周三 10:00» in company time; '' for none. */
export function wallClock(ctx: Ctx, iso: string | null): string {
  if (iso === null) return ''
  const parts = new Intl.DateTimeFormat('zh-CN', { timeZone: ctx.company.time_zone, year: 'numeric', month: '2-digit',
    day: '2-digit', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .formatToParts(Date.parse(iso))
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')} ${of('weekday')} ${of('hour')}:${of('minute')}`
}

function tableOf(ctx: Ctx, label: string, field: AnyField, value: unknown, names: ReadonlyMap<string, string>):
  Page['tables'][number] | null {
  if (field.kind === 'lines' && Array.isArray(value) && value.length > 0) {
    const columns = Object.entries(field.columns).filter(([, { seen_by }]) => !seen_by || seen_by.includes('customer'))
    const rows = value.map((row: Record<string, unknown>) =>
      columns.map(([key, column]) => textOf(ctx, column, row[key], names)))
    // A column in which nothing stands takes room from the others.
    const said = columns.map((_column, index) => rows.some((row) => row[index] !== ''))
    return { label, columns: columns.filter((_column, index) => said[index]).map(([, { zh }]) => zh),
      rows: rows.map((row) => row.filter((_text, index) => said[index])) }
  }
  if (field.kind === 'checklist' && typeof value === 'object' && value !== null) {
    const answers = value as Record<string, { answer?: string; note?: string } | undefined>
    const rows = field.items.flatMap(({ id, zh }) => {
      const { answer, note } = answers[id] ?? {}
      return answer === undefined ? [] : [[zh, answerWords[answer] ?? answer, note ?? '']]
    })
    return rows.length === 0 ? null : { label, columns: ['项目', '结果', '备注'], rows }
  }
  return null
}

const answerWords: Readonly<Record<string, string>> = { pass: '通过', fail: '不通过', not_applicable: '不适用' }

/** A value as paper says it; '' for what is no text (files, signatures, rows). */
function textOf(ctx: Ctx, field: AnyField, value: unknown, names: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) {
    return field.kind === 'choices' ? value.map((one) => field.options[one as string] ?? (one as string)).join('、') : ''
  }
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (field.kind === 'secret' || (typeof value !== 'string' && typeof value !== 'number')) return ''
  const plain = String(value)
  switch (field.kind) {
    case 'instant': return wallClock(ctx, plain)
    case 'person': case 'record': return names.get(plain) ?? ''
    case 'choice': return field.options[plain] ?? plain
    case 'team': return roles[plain as Role] ?? plain
    case 'fen': return `¥${(Number(value) / 100).toFixed(2)}`
    case 'quantity': return String(Number(value) / 1000)
    case 'phone': return phoneText(plain)
    case 'minutes': return `${plain} 分钟`
    case 'files': case 'signature': return ''
    default: return plain
  }
}
