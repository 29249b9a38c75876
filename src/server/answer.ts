import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AnyProcess, builtIn, fieldsOf, own } from '../engine/define.ts'
import type { AnyField } from '../engine/fields.ts'
import { type FieldProblem, type Refusal, refusals } from '../engine/refusal.ts'
import { type Words, wordsOf } from '../words/index.ts'
import { zh, type WordKey } from '../words/zh.ts'
import type { Ctx } from './context.ts'
import type { LastEvent } from './run.ts'
import type { ErrorView } from './views.ts'

/** What a refusal is about, for its sentence. */
export type About = { process?: AnyProcess; last?: LastEvent; waivable?: boolean
  /** What else the answer carries beside the refusal, e.g. the record as it is now. */
  beside?: object }

/** The label of a thing of a process in the reader's language: 'task', 'action.take' → «领取». */
export function labelOf(words: Words, process: AnyProcess, path: string): string {
  const [kind, name] = path.split('.') as [string, string | undefined]
  if (name === undefined) return words.label(process.name, process.zh)
  const action = own(process.actions, name) ?? own(builtIn as Record<string, { zh: string }>, name)
  const found: Record<string, () => string | undefined> = {
    state: () => own(process.states, name)?.zh,
    action: () => action?.zh,
    guard: () => own(process.guards as Record<string, { zh: string }>, name)?.zh,
    clock: () => own(process.clocks, name)?.zh,
    document: () => own(process.documents, name)?.zh,
    field: () => own(fieldsOf(process), name)?.zh,
  }
  const chinese = own(found, kind)?.()
  const builtInPath = kind === 'action' && Object.hasOwn(builtIn, name) ? `built_in.${name}` : `${process.name}.${path}`
  return words.label(builtInPath, chinese ?? name)
}

/** The field of a path, or its column where it is a table: 'lines.0.name' → the column. */
function fieldAt(process: AnyProcess | undefined, path: string): AnyField | undefined {
  const [name = '', , column = ''] = path.split('.')
  const field: AnyField | undefined = process && own(fieldsOf(process), name)
  return (field?.kind === 'lines' ? own(field.columns, column) : undefined) ?? field
}

/** The label of a column of a table of fields, null when there is none of that name. */
export function labelOfColumn(words: Words, process: AnyProcess, table: string, column: string): string | null {
  const field: AnyField | undefined = own(fieldsOf(process), table)
  const found = field?.kind === 'lines' ? own(field.columns, column) : undefined
  return found ? words.label(`${process.name}.column.${table}.${column}`, found.zh) : null
}

/** The label of a field, or of an item or a column inside it, by path: 'items.fuser.answer' → the item's own words. */
function problemLabel(words: Words, process: AnyProcess | undefined, path: string): string {
  const [name = '', inner, column = ''] = path.split('.')
  const field: AnyField | undefined = process && own(fieldsOf(process), name)
  if (field?.kind === 'checklist' && inner !== undefined) {
    const item = field.items.find(({ id }) => id === inner)
    if (item) return words.label(`${process!.name}.item.${item.id}`, item.zh)
  }
  if (name === 'waive') return words.say('label.reason')
  if (!process || !field) return generalLabel(words, name)
  return labelOfColumn(words, process, name, column) ?? labelOf(words, process, `field.${name}`)
}

const generalLabel = (words: Words, name: string): string => {
  const key = `label.${name}`
  return Object.hasOwn(zh, key) ? words.say(key as WordKey) : name
}

/** What is missing is asked for as it is given: chosen, ticked, signed or written. */
function askedBy(process: AnyProcess | undefined, path: string): WordKey {
  switch (fieldAt(process, path)?.kind) {
    case 'confirm': return 'missing.tick'
    case 'signature': return 'missing.sign'
    case 'choice': case 'choices': case 'person': case 'record': return 'missing.choose'
    default: return 'problem.required'
  }
}

/** One field problem as a sentence. */
export function problemSentence(words: Words, process: AnyProcess | undefined, problem: FieldProblem): string {
  const label = problemLabel(words, process, problem.field)
  if (problem.code === 'required') return words.say(askedBy(process, problem.field), { label })
  if (problem.record) return words.say('taken.by', { label, ...problem.params })
  return words.say(`problem.${problem.code}`, { field: problem.field, label, ...problem.params })
}

const timeOf = (iso: string, ctx: Ctx): string =>
  new Intl.DateTimeFormat(ctx.words.language === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ctx.company.time_zone,
    hour: '2-digit', minute: '2-digit', hour12: false,
    ...(ctx.now - Date.parse(iso) > 72_000_000 && { month: 'numeric', day: 'numeric' }) }).format(Date.parse(iso))

/** A refusal as a sentence in the reader's language: «李工已在 14:03 做了「领取」…». */
export function refusalSentence(ctx: { words: Words } & Partial<Ctx>, refusal: Refusal, about: About = {}): string {
  const { words } = ctx
  const { process, last } = about
  const params: Record<string, string | number | null> = { ...refusal.params, count: refusal.fields?.length ?? 0 }
  if (process) {
    if (typeof params.action === 'string') params.action = labelOf(words, process, `action.${params.action}`)
    if (refusal.guard) params.guard = labelOf(words, process, `guard.${refusal.guard}`)
    params.state = typeof params.state === 'string' ? labelOf(words, process, `state.${params.state}`)
      : words.say('label.not_begun')
  }
  if (refusal.code === 'wrong_state' && last && process && ctx.company) {
    return words.say('refusal.wrong_state_since', { ...params, who: last.who ?? words.say('label.system'),
      when: timeOf(last.at, ctx as Ctx), last: labelOf(words, process, `action.${last.action}`),
      state: labelOf(words, process, `state.${last.state}`) })
  }
  return words.say(`refusal.${refusal.code}`, params)
}

/** Sends a refusal: its status, its code, its sentence, its fields. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal, about: About = {}):
  FastifyReply {
  const words = request.ctx?.words ?? wordsOf(languageOf(request))
  const view: ErrorView = { error: {
    code: refusal.code,
    message: refusalSentence({ words, ...request.ctx }, refusal, about),
    ...(refusal.guard && { guard: refusal.guard, waivable: about.waivable ?? false }),
    ...(refusal.fields && { fields: refusal.fields.map((problem) =>
      ({ ...problem, message: problemSentence(words, about.process, problem) })) }),
    request_id: request.id,
  } }
  return reply.status(refusals[refusal.code].status).send({ ...view, ...about.beside })
}

/** Before anybody is signed in the browser's wish decides; Chinese when it is silent. */
export function languageOf(request: FastifyRequest): 'zh' | 'en' {
  const wish = request.headers['accept-language'] ?? ''
  return /^\s*en\b/i.test(wish) ? 'en' : 'zh'
}
