import type { Ask } from './ask.ts'
import type { AnyField, Field } from './fields.ts'
import type { Doer, Role } from './roles.ts'

/** What other code may ask about a state; never its name. */
export type StateKind = 'active' | 'waiting' | 'done' | 'void'

/** Who owes the next step of a state. */
export type Owed = Role | 'owner' | 'handler' | 'team' | 'customer'

/** A step that is due while its guard holds. The guard sees the facts of the case alone, as the `when` of a clock. */
export type NextStep<A extends string = string, G extends string = string> = { when?: G; action: A; owed_by: Owed }

export type State<A extends string = string, G extends string = string> = {
  zh: string
  kind: StateKind
  /** Fields that the built-in action `edit` may change here. */
  edits?: readonly string[]
  /**
   * The action that is due here: the page opens it as a form. A list: the first whose guard holds, the last has none; the
   * one that leads on stands first. Source: docs/decisions/0096-next-by-what-was-done.md.
   */
  next?: A | readonly NextStep<A, G>[]
  owed_by?: Owed
  retired?: true
}

/** A named statement that can be false. Its name is the refusal's code; `zh` says what is wrong when it is. */
export type Guard<F = never> = {
  zh: string
  test: (facts: F) => boolean
  /** The test as data, where it is about the form alone (`typed`): the screen shows only the fields that apply. */
  asks?: Ask
  /** Somebody of these roles may go past it with a reason, which is kept and counted as «met by exception». */
  or?: { reason: true; by: readonly Role[] }
  rule?: readonly string[]
}

/** One way out of an action: the first whose guard holds (facts and parsed input); the last has none. */
export type Branch<S extends string = string, G extends string = string> = { when?: G; state: S }

/** Where a filled-in value of an opened record comes from. */
export type Fill = { input: string } | { record: string } | { value: string | number | boolean } | { words: string }

export type Recipient = 'owner' | 'handler' | 'author' | 'team' | 'customer' | Role

/** What follows after the commit, from the outbox. */
export type Effect<G extends string = string, A extends string = string, D extends string = string> =
  | { send: string; to: Recipient; when?: G }
  | { print: D; when?: G }
  | { tell: 'parent' | 'root' | 'children' | 'machine'; action: string; when?: G }
  | { tell: 'self'; action: A; when?: G }
  /** The record that a field of this one names. Source: docs/decisions/0035-tell-a-named-record.md */
  | { tell: 'named'; field: string; action: string; when?: G }
  | { open: string; fill: Record<string, Fill>; when?: G }

export type Action<S extends string = string, G extends string = string, A extends string = string,
  D extends string = string> = {
  zh: string
  /** null creates; 'any' is every state that is not void. */
  from: null | 'any' | S | readonly S[]
  /** Absent: the record stays where it is. */
  to?: S | readonly Branch<S, G>[]
  by: readonly Doer[]
  /** Guards that must hold: they see facts only, so that offers can be computed before anything is typed. */
  when?: readonly G[]
  needs?: Readonly<Record<string, Field<G>>>
  /** A function of the noun's record file, run inside the transaction; it may refuse. */
  writes?: string
  then?: readonly Effect<G, A, D>[]
  /** What is said while this is done (话术), by the name of the card, in the order of the talk. */
  cards?: Readonly<Record<string, ActionCard<G>>>
  rule?: readonly string[]
  retired?: true
}

/**
 * A script card at its moment. `at`: shown while this field of the form has the focus; absent: when the form opens.
 * `when` sees facts only. `zh` and `text` come from the company's settings; a card without text is not shown.
 * Source: docs/decisions/0025-script-cards.md
 */
export type ActionCard<G extends string = string> = { at?: string; when?: G; zh?: string; text?: string; own?: true }

/** `agreed`: only where the case stands under an agreement that names the figure. */
export type Due = { minutes: string } | { working_days: string } | { at: string } | { end_of_day: number }
  | { agreed: AgreedFigure }

/** Figures that an agreement with the customer may promise. */
export const agreedFigures = ['response', 'arrival', 'restore'] as const
export type AgreedFigure = (typeof agreedFigures)[number]

/**
 * What an agreement puts in the place of the company's figures for one case, frozen when the case is opened: by figure the
 * minutes, in open time of `calendar` (a key of the company's). `contract` (its record) and `number`: where it stands.
 * Source: docs/decisions/0050-agreed-limits.md.
 */
export type Agreed = { contract: string; number: string
  figures: Readonly<Partial<Record<AgreedFigure, { minutes: number; calendar: string }>>> }

/** A warning before the due instant: at a share of the limit, or some open minutes (a setting) before it. */
export type Warn = { key: string; share: number } | { key: string; before_minutes: string }

export type Clock<S extends string = string, G extends string = string, A extends string = string> = {
  zh: string
  runs_in: readonly S[]
  stops_on?: readonly A[]
  when?: G
  /** Names of settings (`limits`), of a field of the record, or a number of open days. */
  due: Due
  /** Key of a calendar of the company. */
  calendar: string
  /** Where the case stands under an agreement that names this figure, it is the limit instead, by its own calendar. */
  agreed?: AgreedFigure
  warn?: readonly Warn[]
  /** An action taken by the system when the clock strikes, after the built-in event `overdue`. */
  then?: A
  kind: 'limit' | 'minimum'
  rule?: readonly string[]
}

export type Document = { zh: string; template: string; rule?: readonly string[] }

export type Process<S extends string = string, G extends string = string, A extends string = string,
  D extends string = string, F = never> = {
  name: string
  zh: string
  states: Readonly<Record<S, State<A, G>>>
  guards: Readonly<Record<G, Guard<F>>>
  actions: Readonly<Record<A, Action<S, G, A, D>>>
  clocks: Readonly<Record<string, Clock<S, G, A>>>
  documents: Readonly<Record<D, Document>>
  /** Processes that people begin from a record of this one: the new record belongs to it. */
  begins?: readonly string[]
}

/** A process with its names left open: what the engine works on. */
export type AnyProcess = Process<string, string, string, string, never>

/** Facts that every guard may read about every record. Instants in ms. */
export type BaseFacts = {
  now: number
  actor: { id: string | null; kind: ActorKind; roles: readonly Doer[]; is_owner: boolean; is_handler: boolean
    is_author: boolean }
  /** By clock name: has the allowed (or minimum) time been used? */
  clocks: Readonly<Record<string, { reached: boolean }>>
  open_children: number
  /** The company's figures as they hold for this case. */
  limits: Readonly<Record<string, number>>
  /** Parsed input: filled only for branches and required-if, empty for guards of `when`. */
  input: Readonly<Record<string, unknown>>
}

export const actorKinds = ['member', 'contact', 'system', 'key'] as const
export type ActorKind = (typeof actorKinds)[number]

/** Doors through which an action can come. */
export const vias = ['web', 'api', 'link', 'phone', 'timer', 'mail', 'offline', 'import'] as const
export type Via = (typeof vias)[number]

/**
 * Declares a business process. Everything that names a state, guard, action or document of the same process is checked
 * by the compiler. Returns its argument: a process is data.
 */
export function defineProcess<const S extends string, const G extends string, const A extends string,
  const D extends string, F>(process: {
  name: string
  zh: string
  states: Readonly<Record<S, State<NoInfer<A>, NoInfer<G>>>>
  guards: Readonly<Record<G, Guard<F>>>
  actions: Readonly<Record<A, Action<NoInfer<S>, NoInfer<G>, NoInfer<A>, NoInfer<D>>>>
  clocks: Readonly<Record<string, Clock<NoInfer<S>, NoInfer<G>, NoInfer<A>>>>
  documents: Readonly<Record<D, Document>>
  begins?: readonly string[]
}): Process<S, G, A, D, F> {
  return process
}

/** Names that a form may not use for a field: the envelope of every action uses them. */
export const reservedFields = ['waive', 'shown', 'at', 'parent', 'old_number', 'brought', 'clock', 'step'] as const

/**
 * Actions that every process has without naming them.
 * edit: change fields that the state allows; warn, overdue: a clock has struck a step or its end.
 */
export const builtIn = {
  edit: { zh: '修改', from: 'any', by: [] },
  warn: { zh: '即将到期', from: 'any', by: ['system'] },
  overdue: { zh: '超时', from: 'any', by: ['system'] },
  erased: { zh: '抹去个人信息', from: 'any', by: ['system'] },
} as const satisfies Record<string, Action>

/** States from which an action may be taken; [] for a creation. */
export function sourcesOf(process: AnyProcess, action: Action): readonly string[] {
  if (action.from === null) return []
  if (action.from === 'any') {
    return Object.entries(process.states).filter(([, state]) => state.kind !== 'void').map(([name]) => name)
  }
  return typeof action.from === 'string' ? [action.from] : action.from
}

/** Own properties only: an action's name comes from a URL. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** The steps that may be due in a state, in their order, each with whoever owes it. */
export const nextSteps = ({ next, owed_by }: State): readonly { when?: string; action: string; owed_by?: Owed }[] =>
  (next === undefined ? [] : typeof next === 'string' ? [{ action: next, ...(owed_by && { owed_by }) }] : next)

/** The step that leads on from a state, whatever must be done before it, and who owes the state. */
export const mainStep = (state: State): { action: string | null; owed_by: Owed | null } => {
  const [first] = nextSteps(state)
  return { action: first?.action ?? null, owed_by: first?.owed_by ?? state.owed_by ?? null }
}

/**
 * All fields of a process by name, gathered from the forms of its actions. The same name means the same field
 * everywhere (the explore test compares them).
 */
export function fieldsOf(process: AnyProcess): Record<string, AnyField> {
  const fields: Record<string, AnyField> = {}
  for (const action of Object.values(process.actions)) Object.assign(fields, action.needs)
  return fields
}

/** Fields that hold personal data, retired ones too: history still has their values. */
export const personalFields = (process: AnyProcess): readonly [string, AnyField][] =>
  Object.entries(fieldsOf(process)).filter(([, field]) => field.personal)
