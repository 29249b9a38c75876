import type { LogEvent, LogNames } from './event-log.ts'

/**
 * How a log is told as acts of a process: docs/migrating.md explains it. A value of a form is taken as it stands, but:
 * '$name' is an attribute of the event (or of its case), '@name' the id of a record made for the case or the person who
 * did it ('@person'), {"time": "+3d"} an instant so long after the event, {"date": "+0d"} its day, {"of": "$name",
 * "in": "table", "else": …} a value looked up, {"years_since": "$name"} the years since that one, {"checklist": "field"} every point of
 * that list answered «not applicable»: nobody knows any more whether it was checked. What comes to nothing is left out.
 */
export type Mapping = {
  process: string
  log?: Partial<LogNames>
  /** Where a log has no such attribute: the activity of every row. */
  activity?: string
  /** The position, by its name or key, that people of the log get here. Without: the log names nobody. */
  people?: { position: string; prefix?: string }
  /** Records that a case needs, in order; `once`: one for each value of this. */
  records?: Readonly<Record<string, { process: string; once?: string; input: Form }>>
  /** The first thing that is done of a case whose first event is told by no creation. */
  create: Step
  activities: Readonly<Record<string, readonly Step[]>>
  /** How an event is kept that is told by no step or was refused. */
  keep: Step
  tables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Questions to the report of activities: how often these happen in a case. */
  times?: readonly (readonly string[])[]
}
export type Form = Readonly<Record<string, unknown>>
/**
 * One act. `in`: only in these states ('' is: not there yet); `phase`: only when an activity begins, or ends; `when`:
 * only for these values of attributes; `before`: it only prepares, the activity itself is a later step. The first step
 * that fits and does not only prepare is the event. `waive`: the reason with which a guard may be passed.
 */
export type Step = { action: string; before?: true; in?: readonly string[]; phase?: 'start' | 'complete'
  when?: Readonly<Record<string, readonly string[]>>; waive?: string; input?: Form }

/** What a form is filled from. */
export type Source = { attributes: LogEvent; event: LogEvent; at: string; ids: Readonly<Record<string, string>>
  tables: NonNullable<Mapping['tables']>
  /** Of each checklist of the process, its points. */
  checklists: Readonly<Record<string, readonly string[]>> }

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const later = (at: string, by: string): string => {
  const found = /^\+(\d+)([mhd])$/.exec(by)
  if (!found) throw new Error(`"${by}" is no length of time: +30m, +2h, +3d`)
  return new Date(Date.parse(at) + Number(found[1]) * unitMs[found[2] as 'm']).toISOString()
}

function valueOf(raw: unknown, source: Source): unknown {
  if (typeof raw === 'string') return textOf(raw, source)
  if (Array.isArray(raw)) return raw.map((one) => valueOf(one, source))
  if (typeof raw !== 'object' || raw === null) return raw
  const wish = raw as { time?: string; date?: string; of?: string; in?: string; else?: unknown; years_since?: string
    checklist?: string }
  if (typeof wish.time === 'string') return later(source.at, wish.time)
  if (typeof wish.date === 'string') return later(source.at, wish.date).slice(0, 10)
  if (typeof wish.checklist === 'string') {
    const points = source.checklists[wish.checklist]
    if (!points) throw new Error(`the process has no checklist ${wish.checklist}`)
    return Object.fromEntries(points.map((point) => [point, { answer: 'not_applicable' }]))
  }
  if (typeof wish.years_since === 'string') {
    const year = textOf(wish.years_since, source)
    const years = typeof year === 'string' && /^(19|20)\d\d$/.test(year) ? Number(source.at.slice(0, 4)) - Number(year) : -1
    return years < 0 ? undefined : years
  }
  if (typeof wish.of === 'string') {
    const table = source.tables[wish.in ?? '']
    if (!table) throw new Error(`the mapping has no table ${wish.in}`)
    const key = textOf(wish.of, source)
    return Object.hasOwn(table, key === undefined ? '' : String(key)) ? table[String(key ?? '')] ?? undefined : valueOf(wish.else, source)
  }
  return formOf(raw as Form, source)
}

/** '$name' alone is the attribute; inside a sentence each '${name}' is filled. */
function textOf(raw: string, { attributes, event, ids }: Source): unknown {
  const known = (name: string): string | undefined => event[name] ?? attributes[name]
  if (raw.startsWith('@')) return ids[raw.slice(1)]
  if (/^\$[^{\s]/.test(raw)) return known(raw.slice(1)) || undefined
  return raw.replace(/\$\{([^}]+)\}/g, (_all, name: string) => known(name) ?? '')
}

/** A form filled from an event; what comes to nothing is left out. */
export const formOf = (form: Form, source: Source): Record<string, unknown> => Object.fromEntries(
  Object.entries(form).map(([name, raw]) => [name, valueOf(raw, source)]).filter(([, value]) => value !== undefined))

export const fits = (step: Step, state: string | null, phase: string, source: Source): boolean =>
  (step.in === undefined || step.in.includes(state ?? '')) && (step.phase === undefined || step.phase === phase)
  && Object.entries(step.when ?? {}).every(([name, values]) =>
    values.includes(source.event[name] ?? source.attributes[name] ?? ''))
