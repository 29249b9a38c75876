import type { FieldView } from './views.ts'

/** 表格导入. What may be brought in. */
/** `updates`: may rows change what is there? `list`: where what is there is given out, to be corrected. */
export type SheetKindView = { kind: string; label: string; process: string; updates: boolean
  list: { path: string; label: string } | null }
/** One sheet on its way in. `in_one`: with all or nothing it is written in one transaction. */
export type SheetJobView = { id: string; kind: string; process: string; label: string; file_name: string; by: string
  state: 'reading' | 'mapping' | 'checking' | 'checked' | 'writing' | 'done' | 'stopped' | 'failed' | 'cancelled'
  columns: readonly { heading: string; field: string | null; samples: readonly string[] }[]
  fields: readonly FieldView[]
  /** Fields without anything that could stand for all rows: of a change alone, or of one record. */
  unfilled: readonly string[]
  /** Do rows change what is there; may they, for this kind? */
  updates: boolean; may_update: boolean
  /** Sheets of the workbook that hold something; the one that is read. */
  sheets: readonly string[]; sheet: string | null
  /** What stands for empty cells, by field, as somebody types it. */
  fillers: Readonly<Record<string, string>>
  rows_total: number; seen: number; only_good: boolean
  counts: { good: number; bad: number; there: number; double: number; written: number; refused: number
    change: number; changed: number }
  in_one: boolean; problem: string | null; created_at: string; ended_at: string | null }
/** `column` counts from 0; null: the table has none for it. */
export type SheetFaultView = { line: number; problems: readonly { field: string; heading: string; column: number | null
  value: string; message: string }[] }
/** What a row would change in its record. */
export type SheetChangeView = { line: number; id: string; number: string; title: string
  changes: readonly { field: string; label: string; from: string; to: string }[] }
