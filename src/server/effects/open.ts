import { type AnyProcess, type Fill, own } from '../../engine/define.ts'
import type { AnyField } from '../../engine/fields.ts'
import { idFrom } from '../by-itself.ts'
import { type Case, loadCase } from '../case.ts'
import { cutTo } from '../../words/cut.ts'
import type { Words } from '../../words/index.ts'
import { type WordKey, zh } from '../../words/zh.ts'
import type { Answer, Cause, Job } from '../outbox.ts'
import { run } from '../run.ts'

/**
 * Opens another record as a child of this one. Its id and its key follow from the effect: however often it is tried,
 * one record comes of it. A form that the other process refuses is somebody's work: the effect is dead.
 */
export async function open({ ctx, row, cause, key }: Job): Promise<Answer> {
  const { open: process, fill } = row.effect as { open: string; fill: Record<string, Fill> }
  const definition = ctx.app.house.processes[process]
  const action = definition && creatingAction(definition)
  if (!action) return { state: 'dead', note: `${process} has no action by which the system could open it` }
  const one = await ctx.app.db.read(ctx.company.id, (reader) =>
    loadCase(ctx, reader, cause.process, row.record_id, false))
  if (!one) return { state: 'done', note: `${cause.process}: process_off` }
  const needs = definition.actions[action]!.needs ?? {}
  const input = { ...shortened(filled(fill, one, cause, ctx.words), needs), parent: row.record_id }
  const outcome = await run(ctx, { process, action, id: null, input, key,
    newId: idFrom(`${ctx.company.id}:${key}`, Date.parse(cause.recorded_at)) })
  if (outcome.ok) return { state: 'done', result: outcome.id }
  const { refusal } = outcome
  const note = [`${process}.${action}: ${refusal.guard ?? refusal.code}`,
    ...(refusal.fields ?? []).map((one) => `${one.field} ${one.code}`)].join(', ')
  // The other record had been opened already; since then a value that the form is filled from has changed.
  if (refusal.code === 'key_reused') return { state: 'done', result: idFrom(`${ctx.company.id}:${key}`,
    Date.parse(cause.recorded_at)) }
  return { state: refusal.code === 'process_off' ? 'done' : 'dead', note }
}

/** The first action of a process by which the machine may create. */
function creatingAction(process: AnyProcess): string | undefined {
  return Object.entries(process.actions)
    .find(([, action]) => action.from === null && !action.retired && action.by.includes('system'))?.[0]
}

/** Values of the form; what is empty at its source is left out. */
function filled(fill: Record<string, Fill>, one: Case, cause: Cause, words: Words): Record<string, unknown> {
  const value = (from: Fill): unknown => {
    if ('input' in from) return cause.input[from.input]
    if ('record' in from) return recordValue(one, from.record)
    if ('value' in from) return from.value
    return Object.hasOwn(zh, from.words)
      ? words.say(from.words as WordKey, { number: one.head.number, title: one.head.title }) : from.words
  }
  return Object.fromEntries(Object.entries(fill).map(([name, from]) => [name, value(from)])
    .filter(([, found]) => found !== null && found !== undefined && found !== ''))
}

/** Lines within what their fields take: a long title is no reason for nothing to be opened. */
function shortened(input: Record<string, unknown>, needs: Readonly<Record<string, AnyField>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => {
    const field = own(needs, name)
    const most = field?.kind === 'text' ? field.max : undefined
    return [name, typeof value === 'string' && most !== undefined ? cutTo(value, most) : value]
  }))
}

function recordValue(one: Case, name: string): unknown {
  const head = one.head as unknown as Record<string, unknown>
  return one.values[name] ?? (name === 'id' || name === 'number' || name === 'author' || name === 'state'
    ? head[name] : undefined)
}
