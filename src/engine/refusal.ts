/**
 * The closed list of ways in which the business, or the door, says no. A code is stable for ever; its words are in
 * words/, its meaning for a caller in docs/errors.md (printed from here).
 */
export const refusals = {
  bad_request: { status: 400, en: 'The request itself cannot be read.' },
  not_signed_in: { status: 401, en: 'Nobody is signed in, or the session has ended.' },
  wrong_password: { status: 401, en: 'Name and password do not belong together.' },
  second_factor: { status: 401, en: 'A code of the second factor is needed, or it is wrong.' },
  wrong_role: { status: 403, en: 'None of the person’s roles may do this.' },
  must_change_password: { status: 403, en: 'The password was given by somebody else and must be changed first.' },
  wrong_origin: { status: 403, en: 'The request comes from another site.' },
  not_found: { status: 404, en: 'It does not exist, or not for this reader.' },
  no_such_action: { status: 404, en: 'The process knows no such action.' },
  process_off: { status: 404, en: 'The company does not use this process.' },
  wrong_state: { status: 409, en: 'The record is in a state in which this cannot be done.' },
  stale: { status: 409, en: 'The record has moved on since it was read.' },
  edit_conflict: { status: 409, en: 'Somebody else has changed the same field meanwhile.' },
  key_reused: { status: 409, en: 'The idempotency key was used for another request.' },
  taken: { status: 409, en: 'The value is already in use.' },
  gone: { status: 410, en: 'The link has ended or was withdrawn.' },
  too_large: { status: 413, en: 'The body or a file is larger than allowed.' },
  wrong_content_type: { status: 415, en: 'The body is not of a type that is taken here.' },
  guard: { status: 422, en: 'A guard of the process is not met; it is named.' },
  bad_input: { status: 422, en: 'One or more fields are not acceptable; each is named.' },
  waiver_not_allowed: { status: 422, en: 'This guard cannot be waived, or not by this person.' },
  not_enough: { status: 422, en: 'There is not enough of a part in its place; the part and what is left are named.' },
  no_change: { status: 422, en: 'The edit changes nothing.' },
  locked_out: { status: 429, en: 'Too many failed attempts; it opens again later.' },
  too_many: { status: 429, en: 'Too many requests in a short time.' },
  no_space: { status: 507, en: 'The disk of the database or of the files is full; nothing was written.' },
  files_away: { status: 503, en: 'The store of files is away for the moment; nothing was kept.' },
  unavailable: { status: 503, en: 'The database or another machine is away for the moment.' },
} as const

export type RefusalCode = keyof typeof refusals

/** What is wrong with one field. `field` is a path: 'title', 'items.fuser.answer', 'waive.0.reason'. */
export type FieldProblem = { field: string; code: FieldProblemCode; params?: Record<string, string | number>
  /** `taken`: the record that has it already, for whoever may see that one. */
  record?: { process: string; id: string; number: string; title: string } }

export const fieldProblemCodes = [
  'required', 'unknown_field', 'wrong_type', 'too_long', 'too_short', 'control_characters', 'not_an_option',
  'too_small', 'too_large', 'not_a_date', 'not_an_instant', 'not_a_phone', 'not_an_email', 'too_many_items',
  'unknown_person', 'unknown_record', 'unknown_file', 'not_answered', 'photo_missing', 'old_value_differs',
  'weak_password', 'same_password', 'wrong_password', 'wrong_code', 'taken', 'bad_format',
  'file_differs', 'file_not_allowed', 'bad_setting', 'file_infected', 'ambiguous', 'not_there', 'same_as_line', 'not_allowed',
  'not_editable', 'only_later', 'changed_meanwhile',
  'piece_open', 'piece_kept',
] as const

export type FieldProblemCode = (typeof fieldProblemCodes)[number]

/**
 * The business says no. `guard` names the guard; `fields` the fields; `params` fills the sentence.
 * A refusal is a value, never thrown: nothing was written.
 */
export type Refusal = {
  code: RefusalCode
  guard?: string
  fields?: readonly FieldProblem[]
  params?: Record<string, string | number | null>
}

export const refuse = (code: RefusalCode, more: Omit<Refusal, 'code'> = {}): { ok: false; refusal: Refusal } =>
  ({ ok: false, refusal: { code, ...more } })
