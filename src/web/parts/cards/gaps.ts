import type { DefinitionView, MeView, RecordView } from '../../../server/views.ts'
import { type GapValues, closeGaps, fillGaps } from '../../../words/card-gaps.ts'
import { type Speech, dayWords } from '../../time.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A day as one says it: «今天», «11月26日». */
const day = (value: unknown, now: number, speech: Speech): string | undefined => {
  const at = Date.parse(String(value ?? ''))
  return Number.isNaN(at) ? undefined : dayWords(at, now, speech)
}

const yuan = (value: unknown, { say }: Speech): string | undefined =>
  (typeof value === 'number' ? `${(value / 100).toLocaleString('zh-CN')} ${say('unit.yuan')}` : undefined)

/** The word of a choice, else the text itself. */
function wordOf(definition: DefinitionView | null, name: string, value: unknown): string | undefined {
  const field = definition?.fields.find((one) => one.name === name)
  return field?.kind === 'choice' && typeof value === 'string' ? field.options[value] : text(value)
}

/** The parts of a price; where there are none, what is done. */
function partsOf(lines: unknown, { say }: Speech): string | undefined {
  const all = Array.isArray(lines) ? lines as { what?: string; name?: string }[] : []
  const parts = all.filter(({ what }) => what === 'part')
  return text((parts.length > 0 ? parts : all).flatMap(({ name }) => name ?? []).join(say('comma')))
}

/** What a page knows of the gaps of a script card: who speaks, to whom, about what. */
export function gapsOf(me: MeView, record: RecordView | null, definition: DefinitionView | null, now: number,
  speech: Speech): GapValues {
  const values: Readonly<Record<string, unknown>> = { ...record?.order, ...record?.values }
  return { 我: me.member.name, 公司: me.company.name, 客户: record?.customer?.name, 机器: record?.machine?.name,
    单号: record?.number, 联系人: text(values.contact_name) ?? text(values.visitor_name),
    送机日: day(values.sent_in_on, now, speech), 取机日: day(values.promised_at ?? values.pick_up_on, now, speech),
    故障: text(values.fault_found) ?? text(values.fault_analysis) ?? text(values.symptom),
    原因: text(values.cause) ?? wordOf(definition, 'cause_class', values.cause_class),
    部件: partsOf(values.lines, speech),
    金额: yuan(values.total_fen ?? values.agreed_fen, speech), 工期: text(values.period), 到货: text(values.eta) }
}

/** The words of a card as they are spoken. */
export const spoken = (card: string, gaps: GapValues): string => closeGaps(fillGaps(card, gaps))
