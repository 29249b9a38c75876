import { createHash } from 'node:crypto'
import { type Action, type AnyProcess, type Effect, type Guard, fieldsOf, mainStep, own, sourcesOf } from '../engine/define.ts'
import type { AnyField } from '../engine/fields.ts'
import { type GapValues, fillGaps } from '../words/card-gaps.ts'
import { enCards, enItems } from '../words/en-cards.ts'
import { enLabels } from '../words/en-labels.ts'
import type { Words } from '../words/index.ts'
import { labelOf } from './answer.ts'
import type { Actor, Ctx, House } from './context.ts'
import { type Database, type Reader, sql } from './db.ts'
import { type Effective, effectiveSettings, readCompanyNow } from './settings.ts'
import type { CardView, DefinitionView, FieldView } from './views.ts'

/** Of every process of the house, by name: the definitions that hold in the company now. */
export async function readDefinitions(ctx: Ctx, reader: Reader): Promise<Effective> {
  const company = await readCompanyNow(reader)
  return effectiveSettings(ctx.app, reader, ctx.company.id, company.profile, company.revision)
}

const builds = new WeakMap<House, string>()

/** Changes whenever a definition or its English does: part of what a browser remembers a definition by. */
export function buildOf(house: House): string {
  const known = builds.get(house)
  if (known !== undefined) return known
  const made = createHash('sha256').update(JSON.stringify([house.processes, enLabels, enCards, enItems])).digest('hex').slice(0, 12)
  builds.set(house, made)
  return made
}

/**
 * The English or Chinese of what stands inside a field: options, items of a checklist, columns of a table, the hint.
 */
export function localField(words: Words, process: AnyProcess, name: string, field: AnyField): FieldView {
  const say = (path: string, chinese: string) => words.label(`${process.name}.${path}`, chinese)
  const view = { ...field, name, label: labelOf(words, process, `field.${name}`),
    ...(field.hint !== undefined && { hint: say(`hint.${name}`, field.hint) }) }
  if (view.kind === 'choice' || view.kind === 'choices') {
    return { ...view, options: Object.fromEntries(Object.entries(view.options).map(([key, zh]) =>
      [key, say(`option.${name}.${key}`, zh)])) }
  }
  if (view.kind === 'checklist') {
    // The general list by its path; a company's own by its words, as long as they are those of its regulation.
    const english = (zh: string) => (words.language === 'en' ? own(enItems, zh) : undefined)
    return { ...view, by_kind: undefined, items: view.items.map((item) =>
      ({ ...item, zh: english(item.zh) ?? say(`item.${item.id}`, item.zh) })) }
  }
  if (view.kind === 'lines') {
    return { ...view, columns: Object.fromEntries(Object.entries(view.columns).map(([key, column]) => [key, { ...column,
      zh: say(`column.${name}.${key}`, column.zh),
      ...(column.hint !== undefined && { hint: say(`hint.${name}.${key}`, column.hint) }),
      ...('options' in column && { options: Object.fromEntries(Object.entries(column.options).map(([option, zh]) =>
        [option, say(`option.${name}.${key}.${option}`, zh)])) }) }])) }
  }
  return view
}

/** A company's own words are said as they are; those of its regulation have their English. */
export function cardLabel(words: Words, process: AnyProcess, action: string, name: string): string {
  const card = own(process.actions, action)?.cards?.[name]
  const english = words.language === 'en' && !card?.own ? own(enCards, name)?.[0] : undefined
  return english ?? card?.zh ?? name
}

const cardViews = (words: Words, process: AnyProcess, action: string, { cards }: Action, gaps: GapValues):
  CardView[] =>
  Object.entries(cards ?? {}).filter(([, { text }]) => (text ?? '') !== '').map(([name, card]) => ({
    name, label: cardLabel(words, process, action, name), at: card.at ?? null,
    text: fillGaps((words.language === 'en' && !card.own ? own(enCards, name)?.[1] : undefined) ?? card.text!, gaps) }))

/** What a company's settings know of the gaps of its script cards. */
export function gapsOf(words: Words, { texts, limits }: Pick<Effective, 'texts' | 'limits'>): GapValues {
  const said = (name: string) => texts[name] || undefined
  const minutes = limits['repair.answer_minutes']
  const days = limits['repair.repair_days']
  return { 电话: said('shop.phone'), 传真: said('shop.fax'), 地址: said('shop.address')?.replaceAll('\n', ''),
    ...(minutes !== undefined && { 答复时限: words.say('gap.hours', { n: Math.round(minutes / 6) / 10 }) }),
    ...(days !== undefined && { 维修周期: words.say('gap.working_days', { n: days }) }) }
}

const statesOf = (to: Action['to']): string[] =>
  (to === undefined ? [] : typeof to === 'string' ? [to] : [...new Set(to.map(({ state }) => state))])

/** What follows, for people who read a process: 'send task_done', 'tell parent child_done'. */
function effectText(effect: Effect): string {
  if ('send' in effect) return `send ${effect.send}`
  if ('print' in effect) return `print ${effect.print}`
  return 'tell' in effect ? `tell ${effect.tell} ${effect.action}` : `open ${effect.open}`
}

/**
 * A process as it holds in the company, in the reader's language. Texts that people read are `label`, and inside a
 * field its hint, options, items and columns. What is retired is on no form; its field stays in `fields`, marked, so
 * that old records can still name what they hold.
 *
 * @param actor through a private link only what is open to customers is told
 */
export function definitionView(process: AnyProcess, words: Words, actor: Pick<Actor, 'kind'>, gaps: GapValues = {}):
  DefinitionView {
  const customer = actor.kind === 'contact'
  const local = (fields: Readonly<Record<string, AnyField>>) =>
    Object.entries(fields).map(([name, field]) => localField(words, process, name, field))
  const actions = Object.entries(process.actions)
    .filter(([, action]) => !action.retired && (!customer || action.by.includes('customer')))
  const asked = new Set(actions.flatMap(([, action]) => Object.keys(action.needs ?? {})))
  const guards = new Set(actions.flatMap(([, action]) => [...action.when ?? [],
    ...Object.values(action.needs ?? {}).flatMap(({ required, asked_if }) =>
      [required, asked_if].filter((one) => typeof one === 'string'))]))
  return {
    process: process.name, label: labelOf(words, process, process.name),
    states: Object.entries(process.states).map(([name, state]) =>
      ({ name, label: labelOf(words, process, `state.${name}`),
      kind: state.kind, next: customer ? null : mainStep(state).action, owed_by: customer ? null : mainStep(state).owed_by,
      edits: customer ? [] : state.edits ?? [] })),
    actions: actions.map(([name, action]) => ({ name, label: labelOf(words, process, `action.${name}`),
      creates: action.from === null, from: sourcesOf(process, action), to: statesOf(action.to), by: action.by,
      guards: action.when ?? [], needs: local(action.needs ?? {}).filter((field) => !field.retired),
      cards: customer ? [] : cardViews(words, process, name, action, gaps),
      then: customer ? [] : (action.then ?? []).map((effect) => effectText(effect)) })),
    guards: Object.fromEntries(Object.entries(process.guards as Readonly<Record<string, Guard>>)
      .filter(([name]) => !customer || guards.has(name))
      .map(([name, guard]) => [name, { label: labelOf(words, process, `guard.${name}`),
        waivable_by: guard.or?.by ?? [], ...(guard.asks && { asks: guard.asks }) }])),
    clocks: customer ? [] : Object.entries(process.clocks).map(([name, clock]) =>
      ({ name, label: labelOf(words, process, `clock.${name}`), kind: clock.kind, runs_in: clock.runs_in })),
    documents: customer ? [] : Object.keys(process.documents).map((name) =>
      ({ name, label: labelOf(words, process, `document.${name}`) })),
    begins: customer ? [] : process.begins ?? [],
    fields: local(fieldsOf(process)).filter(({ name, seen_by }) =>
      !customer || asked.has(name) || (seen_by?.includes('customer') ?? false)),
  }
}

/**
 * States in which records of this database are, and which this program does not know: it must not serve them, since it
 * could neither show nor end them. Source: decision «definitions never forget».
 *
 * @returns 'process.state', sorted; [] when all are known
 */
export async function unknownStates(db: Database, processes: Readonly<Record<string, AnyProcess>>): Promise<string[]> {
  const rows = await db.door<{ process: string; state: string }>(sql`select process, state from states_in_use()`)
  return rows.filter(({ process, state }) => !Object.hasOwn(processes, process)
    || !Object.hasOwn(processes[process]!.states, state)).map(({ process, state }) => `${process}.${state}`).sort()
}
