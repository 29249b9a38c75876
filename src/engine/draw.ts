import { type Action, type AnyProcess, type Clock, type Effect, type Guard, type State, fieldsOf, nextSteps, sourcesOf } from './define.ts'
import type { AnyField } from './fields.ts'
import { type Doer, type Role, roles, staff } from './roles.ts'

/** The first line of every printed page. */
export const printedMark = '<!-- Printed from the definitions by `npm run print`. Do not edit. -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (name: string): string => `\`${name}\``
const codes = (names: readonly string[] = []): string => names.map(code).join(' ')

/** A Markdown table; [] draws nothing. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '—\n'
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n') + '\n'
}

/** 职能 in Chinese, the machine and the customer included. */
export const doerName = (doer: Doer): string =>
  doer === 'system' ? '系统' : doer === 'customer' ? '客户' : roles[doer]

/** Who, shortly: «全体人员» stands for every role. */
export function doersOf(by: readonly Doer[]): string {
  const everybody = staff.every((role) => by.includes(role))
  const rest = by.filter((doer) => !everybody || doer === 'system' || doer === 'customer')
  return [...(everybody ? ['全体人员'] : []), ...rest.map(doerName)].join('、')
}

type Branch = { when?: string; state: string }
const branchesOf = (action: Action): readonly Branch[] =>
  action.to === undefined ? [] : typeof action.to === 'string' ? [{ state: action.to }] : action.to

/** The states and the ways between them as a mermaid state diagram. Actions that lead nowhere are not drawn. */
export function diagram(process: AnyProcess): string {
  const lines = ['stateDiagram-v2', '  direction TB']
  for (const [name, state] of Object.entries(process.states)) {
    if (!state.retired) lines.push(`  state "${state.zh}" as ${name}`)
  }
  for (const action of Object.values(process.actions)) {
    if (action.retired) continue
    const sources = action.from === null ? ['[*]'] : sourcesOf(process, action)
      .filter((state) => !process.states[state]!.retired)
    for (const { when, state } of branchesOf(action)) {
      const word = when === undefined ? action.zh : `${action.zh}（${wordsOf(process, when)}）`
      for (const source of sources) lines.push(`  ${source} --> ${state}: ${word.replaceAll(':', '：')}`)
    }
  }
  for (const [name, state] of Object.entries(process.states)) {
    if (!state.retired && (state.kind === 'done' || state.kind === 'void')) lines.push(`  ${name} --> [*]`)
  }
  return ['```mermaid', ...lines, '```', ''].join('\n')
}

const wordsOf = (process: AnyProcess, guard: string): string =>
  (process.guards as Readonly<Record<string, Guard>>)[guard]?.zh ?? guard

const kindWords = { active: '进行', waiting: '等待', done: '完成', void: '作废' } as const
const retiredMark = (thing: { retired?: true }): string => (thing.retired ? '（已停用）' : '')

function statesTable(process: AnyProcess): string {
  return table(['state', '状态', 'kind', '下一步', '由谁', '可改的项'], Object.entries(process.states)
    .map(([name, state]) => [code(name), state.zh + retiredMark(state), `${state.kind} ${kindWords[state.kind]}`,
      nextOf(state), nextSteps(state).length > 1 ? nextSteps(state).map(({ owed_by }) => code(owed_by!)).join('；')
        : state.owed_by ? code(state.owed_by) : '', codes(state.edits)]))
}

const nextOf = (state: State): string => nextSteps(state)
  .map(({ when, action }) => (when ? `${code(action)} 若 ${code(when)}` : code(action))).join('；')

const fromOf = (action: Action): string => action.from === null ? '新建'
  : action.from === 'any' ? '任何（未作废）' : codes(typeof action.from === 'string' ? [action.from] : action.from)

const toOf = (action: Action): string => branchesOf(action)
  .map(({ when, state }) => (when ? `${code(state)} 若 ${code(when)}` : code(state))).join('；') || '不变'

function effectOf(effect: Effect): string {
  const what = 'send' in effect ? `发送 ${code(effect.send)} 给 ${code(effect.to)}`
    : 'print' in effect ? `打印 ${code(effect.print)}`
      : 'tell' in effect ? `通知 ${effect.tell} 做 ${code(effect.action)}` : `另开 ${code(effect.open)}`
  return effect.when ? `${what} 若 ${code(effect.when)}` : what
}

function actionsTable(process: AnyProcess): string {
  return table(['action', '操作', '从', '到', '谁可以', '前提', '写入', '随后', '条款'], Object.entries(process.actions)
    .map(([name, action]) => [code(name), action.zh + retiredMark(action), fromOf(action), toOf(action),
      doersOf(action.by), codes(action.when), action.writes ? code(action.writes) : '',
      (action.then ?? []).map(effectOf).join('；'), (action.rule ?? []).join(' ')]))
}

function requiredOf(field: AnyField): string {
  const asked = field.asked_if === undefined ? '' : `只问，若 ${code(field.asked_if)}`
  if (field.required === undefined) return asked
  return field.required === true ? '必填' : [`必填，若 ${code(field.required)}${field.asked ? '；总是问' : ''}`, asked].filter(Boolean).join('；')
}

function detailOf(field: AnyField): string {
  switch (field.kind) {
    case 'choice':
    case 'choices': return Object.entries(field.options).map(([key, zh]) => `${code(key)} ${zh}`).join('、')
    case 'record': return code(field.process)
    case 'checklist': return field.items.map((item) =>
      `${code(item.id)} ${item.zh}${item.required ? '（必答）' : ''}${item.photo ? '（拍照）' : ''}`).join('、')
    case 'lines': return Object.entries(field.columns).map(([name, column]) =>
      `${code(name)} ${column.zh}${column.required ? '（必填）' : ''}`).join('、')
    default: return [field.personal ? '个人信息' : '', field.seen_by ? `仅 ${codes(field.seen_by)} 可见` : '']
      .filter(Boolean).join('；')
  }
}

function formsTable(process: AnyProcess): string {
  const rows = Object.entries(process.actions).flatMap(([action, { needs = {} }]) =>
    Object.entries(needs).map(([name, field]) => [code(action), code(name), field.zh + retiredMark(field),
      code(field.kind), requiredOf(field), detailOf(field), (field.rule ?? []).join(' ')]))
  return table(['action', 'field', '项', 'kind', '要求', '说明', '条款'], rows)
}

function guardsTable(process: AnyProcess): string {
  const guards = Object.entries(process.guards as Readonly<Record<string, Guard>>)
  return table(['guard', '不成立时的话', '可说明原因后跳过的人', '条款'], guards.map(([name, guard]) =>
    [code(name), guard.zh, guard.or ? doersOf(guard.or.by) : '', (guard.rule ?? []).join(' ')]))
}

function dueOf(clock: Clock): string {
  const { due } = clock
  if ('minutes' in due) return `${code(due.minutes)} 分钟`
  if ('working_days' in due) return `${code(due.working_days)} 个工作日`
  if ('at' in due) return `${code(due.at)} 所填时间`
  if ('agreed' in due) return `合同约定的 ${code(due.agreed)}`
  return due.end_of_day === 0 ? '当日下班前' : `之后第 ${due.end_of_day} 个工作日下班前`
}

function clocksTable(process: AnyProcess): string {
  const clocks = Object.entries(process.clocks as Readonly<Record<string, Clock>>)
  return table(['clock', '时限', '性质', '在哪些状态计时', '停于', '期限', '日历', '提前提醒', '到点', '条款'],
    clocks.map(([name, clock]) => [code(name), clock.zh + (clock.when ? `（若 ${code(clock.when)}）` : ''),
      clock.kind === 'limit' ? '上限' : '下限', codes(clock.runs_in), codes(clock.stops_on), dueOf(clock),
      code(clock.calendar), (clock.warn ?? []).map((step) => ('share' in step
        ? `${Math.round(step.share * 100)} %` : `前 ${code(step.before_minutes)} 分钟`)).join('、'),
      clock.then ? code(clock.then) : '', (clock.rule ?? []).join(' ')]))
}

function documentsTable(process: AnyProcess): string {
  return table(['document', '单据', '模板', '条款'], Object.entries(process.documents).map(([name, document]) =>
    [code(name), document.zh, code(document.template), (document.rule ?? []).join(' ')]))
}

/** The page of one process: everything that its file says, for somebody who does not read code. */
export function processPage(process: AnyProcess): string {
  const parts: [string, string][] = [['状态 States', statesTable(process)], ['操作 Actions', actionsTable(process)],
    ['表单 Forms', formsTable(process)], ['前提 Guards', guardsTable(process)], ['时限 Clocks', clocksTable(process)],
    ['单据 Documents', documentsTable(process)]]
  return [printedMark, '', `# ${process.zh} ${code(process.name)}`, '', diagram(process),
    ...parts.flatMap(([head, body]) => [`## ${head}`, '', body])].join('\n').trimEnd() + '\n'
}

const columns: readonly Doer[] = [...(Object.keys(roles) as Role[]), 'system', 'customer']

/** May this doer ever take this action? ○: only past a guard, with a reason, is not asked here: guards are. */
export const mayDo = (action: Action, doer: Doer): boolean => !action.retired && action.by.includes(doer)

/** Every action of every process against every role, the machine and the customer: one table a process. */
export function whoMayPage(processes: readonly AnyProcess[]): string {
  const tables = processes.flatMap((process) => {
    const rows = Object.entries(process.actions).filter(([, action]) => !action.retired).map(([name, action]) =>
      [`${action.zh} ${code(name)}`, ...columns.map((doer) => (mayDo(action, doer) ? '●' : ''))])
    const waivers = Object.entries(process.guards as Readonly<Record<string, Guard>>).filter(([, { or }]) => or)
      .map(([name, { zh, or }]) => [`跳过 ${code(name)} ${zh}`,
        ...columns.map((doer) => ((or!.by as readonly Doer[]).includes(doer) ? '◇' : ''))])
    return [`## ${process.zh} ${code(process.name)}`, '',
      table(['操作', ...columns.map(doerName)], [...rows, ...waivers])]
  })
  return [printedMark, '', '# 谁可以做什么 Who may do what', '',
    '● may do it, when the record is in the right state and its guards hold. ◇ may go past that guard with a reason,',
    'which is kept. What the machine (系统) does, it does on behalf of whoever caused it. A company can forbid more,',
    'never allow more. `edit` belongs to everybody who may do anything in the process, where the state names fields.',
    '', ...tables].join('\n').trimEnd() + '\n'
}

export type Sentence = { code: string; status: number; en: string; zh: string; meaning: string }

/** Every code that an answer can carry, with its sentence in both languages. */
export function errorsPage(refusals: readonly Sentence[], problems: readonly Omit<Sentence, 'status' | 'meaning'>[]):
  string {
  return [printedMark, '', '# Errors 错误码', '',
    'Every answer that is not 2xx has the body `{"error": {code, message, fields?, guard?, request_id}}`. `message` is',
    'a sentence in the reader’s language and may change; `code` never does. Nothing was written. A fault of ours is',
    '500 with the code `fault`.', '',
    '## Refusals', '',
    table(['code', 'status', 'meaning', '中文', 'English'], refusals.map((one) =>
      [code(one.code), String(one.status), one.meaning, one.zh, one.en])),
    '## Problems of a field', '',
    '`fields` of `bad_input` and `edit_conflict` names each field with one of these:', '',
    table(['code', '中文', 'English'], problems.map((one) => [code(one.code), one.zh, one.en])),
  ].join('\n').trimEnd() + '\n'
}

/** Names of everything in a process that has words, by the path under which its translation stands. */
export function labelPaths(process: AnyProcess): string[] {
  const of = (kind: string, things: Readonly<Record<string, unknown>>) =>
    Object.keys(things).map((name) => `${process.name}.${kind}.${name}`)
  const fields = fieldsOf(process)
  return [process.name, ...of('state', process.states), ...of('action', process.actions),
    ...of('guard', process.guards), ...of('clock', process.clocks), ...of('document', process.documents),
    ...of('field', fields), ...Object.entries(fields).flatMap(([name, field]) =>
      pathsInField(name, field).map((path) => `${process.name}.${path}`))]
}

/** What stands inside a field: its hint, options, items, columns. */
function pathsInField(name: string, field: AnyField): string[] {
  const hint = field.hint === undefined ? [] : [`hint.${name}`]
  if (field.kind === 'checklist') return [...hint, ...field.items.map(({ id }) => `item.${id}`)]
  if (field.kind === 'choice' || field.kind === 'choices') {
    return [...hint, ...Object.keys(field.options).map((option) => `option.${name}.${option}`)]
  }
  if (field.kind !== 'lines') return hint
  return [...hint, ...Object.entries(field.columns).flatMap(([key, column]) => [`column.${name}.${key}`,
    ...pathsInField(`${name}.${key}`, column)])]
}
