import type { CalendarDoc } from '../engine/calendar.ts'
import type { Checklists, ProcessSettings } from '../engine/effective.ts'
import type { Role } from '../engine/roles.ts'
import type { Timetable } from '../engine/schedule.ts'
import type { Card } from '../engine/script-cards.ts'
import type { Rule } from './rule.ts'

/** A repeated duty of a regulation: each firing creates one record, once for each period. */
export type Schedule = {
  zh: string
  process: string
  action: string
  at: Timetable
  input: Readonly<Record<string, unknown>>
  rule?: readonly string[]
  /** Of a company's override: this one rests. It is then not in the effective settings. */
  off?: true
}

/** Everything that a company may set. A profile is complete; a company's overrides are sparse. */
export type Settings = {
  /** Figures of the regulation by name, e.g. 'task.default_days'. A missing one switches its clock off. */
  limits: Readonly<Record<string, number>>
  /** What paper and letters say in the company's own words, by name, e.g. 'shop.phone'; '' is left out. */
  texts: Readonly<Record<string, string>>
  calendars: Readonly<Record<string, CalendarDoc>>
  processes: Readonly<Record<string, ProcessSettings>>
  schedules: Readonly<Record<string, Schedule>>
  /** Script cards (话术) by name; which moment each belongs to stands in the processes. */
  cards: Readonly<Record<string, Card>>
  /** Check lists by name, then by kind of product: they go before the general one of the form. */
  checklists: Checklists
}

/** A regulation as data: what a company that runs it starts from. */
export type Profile = Settings & {
  key: string
  zh: string
  /** 职务 by key: seeded into the company's own positions. */
  positions: Readonly<Record<string, { zh: string; roles: readonly Role[] }>>
  rules: readonly Rule[]
}
