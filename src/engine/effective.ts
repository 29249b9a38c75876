import { type Action, type AnyProcess, type Clock, type Guard, fieldsOf, own } from './define.ts'
import type { AnyField, ChecklistItem, LineField } from './fields.ts'
import type { Role } from './roles.ts'
import type { Card } from './script-cards.ts'

/** A field of the company's own. Its name starts with x_; `on` lists the actions whose form shows it. */
export type ExtraField = AnyField & { on: readonly string[]; indexed?: true }

export type Closed = { options: readonly string[]; rule?: readonly string[] }

/**
 * What a company may change of a process: rename, require more, forbid, harden, add fields of its own, switch off.
 * Nothing here can allow what the process forbids.
 */
export type ProcessSettings = {
  on?: boolean
  /** Words by path: '', 'state.open', 'action.take', 'field.title', 'guard.no_open_children'. */
  labels?: Readonly<Record<string, string>>
  /** Fields that become required, by action. */
  require?: Readonly<Record<string, readonly string[]>>
  /** Roles that may not, by action. */
  forbid?: Readonly<Record<string, readonly Role[]>>
  /** Guards whose way round is closed. */
  harden?: readonly string[]
  extra?: Readonly<Record<string, ExtraField>>
  /** Options of a choice that the company does not use, by field ('settlement') or column ('services.service_class'). */
  close?: Readonly<Record<string, Closed>>
  number?: { prefix?: string; period?: 'month' | 'year' | 'day'; digits?: number }
}

const mapValues = <T, U>(from: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value, key)]))

/** Check lists of a company: by list, then by kind of product. */
export type Checklists = Readonly<Record<string, Readonly<Record<string, readonly ChecklistItem[]>>>>

/** What a company says and checks in every process. `own`: a card in its own words. */
export type CompanyWords = { cards: Readonly<Record<string, Card & { own?: true }>>; checklists: Checklists }

const noWords: CompanyWords = { cards: {}, checklists: {} }

/** The process as it holds in one company. Pure; the caller caches it by settings revision. */
export function effectiveProcess(process: AnyProcess, settings: ProcessSettings, words = noWords): AnyProcess {
  const label = (path: string, zh: string) => own(settings.labels ?? {}, path) ?? zh
  const actions = mapValues(process.actions, (action, name) => effectiveAction(action, name, settings, label, words))
  return {
    ...process,
    zh: label('', process.zh),
    states: mapValues(process.states, (state, name) => ({ ...state, zh: label(`state.${name}`, state.zh),
      edits: [...state.edits ?? [], ...Object.keys(settings.extra ?? {})] })),
    guards: mapValues(process.guards as Readonly<Record<string, Guard>>, (guard, name) => {
      const { or, ...rest } = guard
      const hard = settings.harden?.includes(name) ?? false
      return { ...rest, zh: label(`guard.${name}`, guard.zh), ...(or && !hard && { or }) }
    }),
    actions,
    clocks: mapValues(process.clocks as Readonly<Record<string, Clock>>, (clock, name) =>
      ({ ...clock, zh: label(`clock.${name}`, clock.zh) })),
  }
}

/** A choice without what the company has closed, also where it is a column. */
function withClosed(field: AnyField, key: string, close: Readonly<Record<string, Closed>>): AnyField {
  const closed = own(close, key)?.options
  if (field.kind === 'choice' || field.kind === 'choices') return closed ? { ...field, closed } : field
  if (field.kind !== 'lines') return field
  return { ...field, columns: mapValues(field.columns, (column, name) =>
    withClosed(column, `${key}.${name}`, close) as LineField) }
}

function effectiveAction(action: Action, name: string, settings: ProcessSettings,
  label: (path: string, zh: string) => string, words: CompanyWords): Action {
  const forbidden = own(settings.forbid ?? {}, name) ?? []
  const required = own(settings.require ?? {}, name) ?? []
  const extra = Object.entries(settings.extra ?? {}).filter(([, field]) => field.on.includes(name))
  const needs = mapValues(action.needs ?? {}, (field, key) => ({
    ...withClosed(field, key, settings.close ?? {}), zh: label(`field.${key}`, field.zh),
    ...(required.includes(key) && { required: true as const }),
    ...listOf(field, words) }))
  for (const [key, { on: _on, indexed: _indexed, ...field }] of extra) {
    needs[key] = { ...field, ...(required.includes(key) && { required: true as const }) } as AnyField
  }
  return { ...action, zh: label(`action.${name}`, action.zh), needs,
    ...(action.cards && { cards: cardsOf(action.cards, words) }),
    by: action.by.filter((doer) => !(forbidden as readonly string[]).includes(doer)) }
}

const listOf = (field: AnyField, { checklists }: CompanyWords) => {
  const by_kind = field.kind === 'checklist' && field.list !== undefined ? own(checklists, field.list) : undefined
  return by_kind && { by_kind }
}

/** The cards of an action in the company's words; one that the company does not have stays without text. */
const cardsOf = (cards: NonNullable<Action['cards']>, words: CompanyWords) => mapValues(cards, (card, name) => {
  const said = own(words.cards, name)
  return said ? { ...card, zh: said.zh, text: said.text, ...(said.own && { own: said.own }) } : card
})

/** What is wrong with a company's settings of a process: paths and reasons, for the settings page. [] means none. */
export function checkProcessSettings(process: AnyProcess, settings: ProcessSettings): { path: string; code: string }[] {
  const problems: { path: string; code: string }[] = []
  const say = (path: string, code: string) => { problems.push({ path, code }) }
  for (const [action, fields] of Object.entries(settings.require ?? {})) {
    const found = own(process.actions, action)
    if (!found) say(`require.${action}`, 'no_such_action')
    else for (const field of fields) {
      const known = own(found.needs ?? {}, field) || own(settings.extra ?? {}, field)?.on.includes(action)
      if (!known) say(`require.${action}.${field}`, 'no_such_field')
    }
  }
  for (const [action, forbidden] of Object.entries(settings.forbid ?? {})) {
    const found = own(process.actions, action)
    if (!found) say(`forbid.${action}`, 'no_such_action')
    else if (found.by.every((doer) => (forbidden as readonly string[]).includes(doer))) {
      say(`forbid.${action}`, 'nobody_left')
    }
  }
  for (const guard of settings.harden ?? []) if (!own(process.guards, guard)) say(`harden.${guard}`, 'no_such_guard')
  for (const [path, { options }] of Object.entries(settings.close ?? {})) {
    const known = choiceAt(process, path)
    if (!known) say(`close.${path}`, 'no_such_field')
    else if (options.some((option) => !Object.hasOwn(known, option))) say(`close.${path}`, 'not_an_option')
    else if (Object.keys(known).every((option) => options.includes(option))) say(`close.${path}`, 'bad_options')
  }
  const extra = Object.entries(settings.extra ?? {})
  if (extra.length > extraMost) say('extra', 'too_many')
  for (const [name, field] of extra) {
    if (!/^x_[a-z][a-z0-9_]{0,40}$/.test(name)) say(`extra.${name}`, 'bad_name')
    for (const action of field.on) {
      if (!own(process.actions, action)) say(`extra.${name}.on.${action}`, 'no_such_action')
    }
  }
  if (extra.filter(([, field]) => field.indexed).length > extraIndexedMost) say('extra', 'too_many_indexed')
  return problems
}

/** The options of a choice by its path, 'services.service_class'. */
function choiceAt(process: AnyProcess, path: string): Readonly<Record<string, string>> | undefined {
  const [name = '', column] = path.split('.')
  const field = own(fieldsOf(process), name)
  const found = column === undefined || field?.kind !== 'lines' ? field : own(field.columns, column) as AnyField | undefined
  return found?.kind === 'choice' || found?.kind === 'choices' ? found.options : undefined
}

const extraMost = 40
const extraIndexedMost = 10
