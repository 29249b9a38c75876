import type { Doer } from '../engine/roles.ts'
import type { Settings } from '../regulations/profile.ts'
import type { CountView, PersonView } from './views.ts'

/** What holds in the company, and what of it is its own. `defaults` is its regulation; `overrides` is sparse. */
export type SettingsView = { revision: number; importing: boolean; regulation: { key: string; label: string }
  effective: Settings; overrides: Partial<Settings>; defaults: Settings
  /** Deadlines of open cases are being computed anew: how many were looked at and moved so far. Null: they stand. */
  recomputation: { seen: number; changed: number; started_at: string } | null
  /** Every figure that may be set, also those without a value: their clocks are off. */
  limit_names: readonly string[]; positions: readonly OwnPositionView[]
  /** Every figure in words: what it binds, its unit, and the rules that it belongs to. */
  about: Readonly<Record<string, { label: string; unit: 'minutes' | 'days' | 'months' | 'fen' | 'thousandths' | 'times'
    working_days: boolean; process: string | null; rules: readonly string[] }>>
  /** Words by path, for parts, texts, roles ('roles.manager'), kinds of product and moments of script cards. */
  words: Readonly<Record<string, string>> }
export type ScheduleView = Settings['schedules'][string]
/** What a change of the settings would do: how many open records get their deadlines computed anew. */
export type PreviewView = { recomputes: CountView | null }

export type OwnPositionView = { key: string; name: string; roles: readonly Doer[]; merged_into: string | null
  members: number }

/** One change of the settings: who, when, why, and exactly what was asked for. */
export type RevisionView = { revision: number; change: Readonly<Record<string, unknown>>; why: string; made_at: string
  made_by: PersonView | null
  /** The change as lines: by path what held before and what holds since. */
  lines: readonly { path: string; from: unknown; to: unknown }[] }
export type RevisionsView = { revisions: readonly RevisionView[]; cursor: number | null }
