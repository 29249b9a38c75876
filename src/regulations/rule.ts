/**
 * How a machine carries a rule out, by its main means: guard = refuses a step; field = an entry on a form; state = a
 * state or a path; clock = a timer with a limit; task = opens a to-do; document = a print, a letter or an archive;
 * script = words shown to the person at work; notice = a message to someone; report = a figure or a list; setting =
 * master data or a value that the company edits; role = who may or must do it; checklist = points to tick; schedule =
 * repeats in a cadence; link = a relation between records, or a view of it.
 */
export type RuleKind =
  | 'guard' | 'field' | 'state' | 'clock' | 'task' | 'document' | 'script'
  | 'notice' | 'report' | 'setting' | 'role' | 'checklist' | 'schedule' | 'link'

/**
 * One rule of a company's regulation. `id` as in the requirements, S0-001; `group` is the business process that it
 * belongs to; `title` is 6 to 22 characters; `text` is the rule in full.
 */
export type Rule = { id: string; group: string; kind: RuleKind; title: string; text?: string }
