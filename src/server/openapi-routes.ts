/** A JSON Schema, as a plain object. */
export type Schema = Readonly<Record<string, unknown>>

/** What the API document says of one route. `answer` null: no body. */
export type RouteDoc = {
  summary: string
  query?: Readonly<Record<string, Schema>>
  /** Headers that it asks for or honours. */
  headers?: readonly ('If-Match' | 'Idempotency-Key' | 'If-None-Match')[]
  body?: Schema
  /** Of the body, when it is not JSON. */
  bodyType?: string
  answer: Schema | null
  answerType?: string
  status?: 200 | 201 | 204
}

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const text: Schema = { type: 'string' }
export const id: Schema = { type: 'string', format: 'uuid' }
export const instant: Schema = { type: 'string', format: 'date-time' }
export const whole: Schema = { type: 'integer' }
export const yes: Schema = { type: 'boolean' }
export const anything: Schema = { type: 'object' }
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

/** An object with exactly these; names that end with ? may be absent. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties: Object.fromEntries(Object.entries(properties)
    .map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  required: Object.keys(properties).filter((name) => !name.endsWith('?')) }
}

/** The form of a body: nothing else is taken. */
const form = (properties: Readonly<Record<string, Schema>>): Schema =>
  ({ ...object(properties), additionalProperties: false })

const why: Schema = { type: 'string', minLength: 2, maxLength: 500 }
const secret: Schema = { type: 'string', maxLength: 200, writeOnly: true }
const settings = ref('Settings')
const page = { 'limit': { type: 'integer', minimum: 1, maximum: 100 }, 'cursor': text }

/** Parameters that every list, count, board and export takes. */
export const listQuery: Readonly<Record<string, Schema>> = {
  state: { type: 'string', description: 'States, with commas.' },
  kind: { type: 'string', description: 'active, waiting, done, void, with commas.' },
  handler: { type: 'string', description: 'A member, «me» or «none».' },
  owner: { type: 'string', description: 'A member or «me».' },
  author: { type: 'string', description: 'A member or «me».' },
  team: text, customer: id, machine: id, parent: id, number: text,
  due: { type: 'string', enum: ['late', 'today', 'week'] },
  opened_from: { type: 'string', description: 'A date or an instant.' },
  opened_to: { type: 'string', description: 'A date (the whole of it) or an instant.' },
  q: { type: 'string', maxLength: 100, description: 'Words to be found.' },
}

const shownAsList = { sort: { type: 'string', enum: ['opened', '-opened', 'due', '-due'] }, ...page,
  fields: { type: 'string', description: 'Own fields to be sent along, with commas.' } }

/** Routes of every process, by their URL under /api/:process. Creating and acting are made from the definitions. */
export const processRoutes: Readonly<Record<string, RouteDoc>> = {
  'GET ': { summary: 'List records', query: { ...listQuery, ...shownAsList }, answer: ref('Page') },
  'GET /count': { summary: 'Count records; more than 1000 are not counted', query: listQuery, answer: ref('Count') },
  'GET /board': { summary: 'Columns by state', query: listQuery, answer: ref('Board') },
  'GET /export': { summary: 'All of a list as a table', answerType: 'text/csv', answer: text,
    query: { ...listQuery, sort: shownAsList.sort, format: { type: 'string', enum: ['csv', 'xlsx'] } } },
  'GET /:id': { summary: 'One record with its actions on offer and the reason of each refusal', answer: ref('Record') },
  'GET /:id/events': { summary: 'Older events of a record', query: { before: whole },
    answer: object({ events: listOf(ref('Event')) }) },
  'GET /:id/clocks/:clock/why': { summary: 'Why this deadline, line by line',
    answer: object({ clock: text, label: text, lines: listOf(anything) }) },
  'POST /:id/erase': { summary: 'Erase the personal data of a record for good', headers: ['Idempotency-Key'],
    body: form({ reason: why }), answer: object({ erased: listOf(text), seq: whole }) },
}

const dimension = { type: 'string', maxLength: 200, description: 'Only these; «-»: what nobody wrote down.' }
const repairsQuery: Readonly<Record<string, Schema>> = { by: { enum: ['brand', 'model', 'product', 'fault', 'cause',
  'because', 'age'] }, from: { type: 'string', format: 'date' }, to: { type: 'string', format: 'date' },
outcome: { enum: ['repaired', 'repairable', 'beyond_repair', 'unknown'] }, format: { enum: ['csv'] }, brand: dimension,
model: dimension, product: dimension, fault: dimension, cause: dimension, because: dimension, age: dimension }

const customersQuery: Readonly<Record<string, Schema>> = { from: { type: 'string', format: 'date' },
  to: { type: 'string', format: 'date' } }

const flowQuery: Readonly<Record<string, Schema>> = { from: { type: 'string', format: 'date' },
  to: { type: 'string', format: 'date' }, product: text, person: id }

/** Routes of no process. A route that is registered and not named here fails a test. */
export const fixedRoutes: Readonly<Record<string, RouteDoc>> = {
  'GET /api/health': { summary: 'Is the server well?', answer: anything },
  'GET /api/demo': { summary: 'Logins of the demonstration, where there is one', answer: anything },
  'GET /api/rules': { summary: 'The company’s own regulation, rule by rule', answer: anything },
  'POST /api/sign-in': { summary: 'Sign in; sets the session cookie',
    body: form({ login: text, password: secret, 'code?': text, 'company?': text }), answer: ref('Me') },
  'POST /api/setup': { summary: 'Begin with the one-time link that the server printed',
    body: form({ token: text, password: secret }), answer: ref('Me') },
  'POST /api/sign-out': { summary: 'Sign out', answer: null, status: 204 },
  'POST /api/sign-out-everywhere': { summary: 'End all sessions of this account', answer: null, status: 204 },
  'GET /api/me': { summary: 'Who I am, and what I may begin', answer: ref('Me') },
  'PATCH /api/me': { summary: 'My language', body: form({ language: { enum: ['zh', 'en'] } }), answer: null,
    status: 204 },
  'POST /api/password': { summary: 'Change my password', body: form({ current: secret, next: secret }),
    answer: ref('Me') },
  'POST /api/company': { summary: 'Switch to another company of mine', body: form({ slug: text }), answer: ref('Me') },
  'GET /api/sessions': { summary: 'Where I am signed in', answer: object({ sessions: listOf(anything) }) },
  'DELETE /api/sessions/:id': { summary: 'End one session', answer: null, status: 204 },
  'GET /api/second-factor': { summary: 'Does signing in ask for a code?', answer: object({ on: yes }) },
  'POST /api/second-factor': { summary: 'A secret for an authenticator', body: form({ password: secret }),
    answer: object({ secret: text, uri: text }) },
  'POST /api/second-factor/confirm': { summary: 'Turn the second factor on', body: form({ code: text }),
    answer: object({ on: yes }) },
  'DELETE /api/second-factor': { summary: 'Turn the second factor off', body: form({ password: secret }),
    answer: object({ on: yes }) },
  'GET /api/people': { summary: 'People at work whose name or initials begin so', query: { q: text, first: text, only: text },
    answer: object({ people: listOf(anything) }) },
  'GET /api/sheets': { summary: 'What may be brought in as a sheet, and the newest sheets that were', answer: anything },
  'POST /api/sheets': { summary: 'Begin to bring in an uploaded table', body: form({ kind: text, file: id }), status: 201,
    answer: anything },
  'GET /api/sheets/:id': { summary: 'How far a sheet has come', answer: anything },
  'POST /api/sheets/:id/fields': { summary: 'Match columns with fields (null: left out); the dry run follows',
    body: form({ fields: listOf(orNull(text)), 'fillers?': anything, 'updates?': yes }), answer: anything },
  'POST /api/sheets/:id/sheet': { summary: 'Read another sheet of the workbook', body: form({ sheet: text }), answer: anything },
  'GET /api/sheets/:id/changes': { summary: 'What rows would change in their records', query: { after: whole },
    answer: object({ changes: listOf(anything), more: yes }) },
  'GET /api/sheet-list/:kind': { summary: 'What is there and is in no list of its own (contact), as a table', query: { format: text },
    answer: text, answerType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  'POST /api/sheets/:id/write': { summary: 'Write the rows of a sheet that was looked at', body: form({ only_good: yes }),
    answer: anything },
  'POST /api/sheets/:id/cancel': { summary: 'Call a sheet off; what was written stays', answer: anything },
  'GET /api/sheets/:id/faults': { summary: 'Rows at fault, by line and column', query: { after: whole },
    answer: object({ faults: listOf(anything), more: yes }) },
  'GET /api/sheets/:id/faults-file': { summary: 'Rows at fault as a workbook to correct and load again', answer: text,
    answerType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  'GET /api/sheet-template/:kind': { summary: 'An empty workbook with the headings of a kind', answer: text,
    answerType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  'GET /api/keys': { summary: 'API keys of the company', answer: object({ keys: listOf(anything) }) },
  'POST /api/keys': { summary: 'A new API key; its secret is shown once', status: 201,
    body: form({ name: text, roles: listOf(text), 'importer?': yes, 'days?': whole }), answer: anything },
  'DELETE /api/keys/:id': { summary: 'Withdraw an API key', answer: null, status: 204 },
  'GET /api/link/:token': { summary: 'Open a private link; sets its cookie', answer: object({ ok: yes }) },
  'GET /api/link/record': { summary: 'The record of my private link, by the fields open to customers',
    answer: anything },
  'POST /api/link/record/:action': { summary: 'Act on the record of my private link', body: anything, answer: anything,
    headers: ['Idempotency-Key', 'If-Match'] },
  'POST /api/quotation/:id/link': { summary: 'Make a private link for the customer; its address is shown once',
    answer: object({ url: text, days: whole }), status: 201 },
  'GET /api/paper/:code': { summary: 'Whose printed page is this? For somebody of the company: which record',
    answer: anything },
  'POST /api/paper/:code': { summary: 'How far it is, for the last four digits of the customer’s number',
    body: form({ digits: { type: 'string', pattern: '^[0-9]{4}$' } }),
    answer: object({ label: text, state_words: text, changed_at: instant }) },
  'POST /api/paper/:code/report': { summary: 'Reports a fault through the code on a machine', headers: ['Idempotency-Key'],
    body: form({ reported: text, reporter_name: text, reporter_phone: text }), answer: object({ ok: yes }), status: 201 },
  'GET /api/my-work': { summary: 'What I have to do', answer: anything },
  'GET /api/search': { summary: 'Find records by words, numbers, names',
    query: { q: { type: 'string', maxLength: 100 }, process: text }, answer: object({ groups: listOf(anything) }) },
  'GET /api/live': { summary: 'What moves, as an event stream', answerType: 'text/event-stream', answer: text },
  'GET /api/live/still': { summary: 'Does my session still hold?', answer: null, status: 204 },
  'GET /api/notices': { summary: 'My notices', query: { cursor: text }, answer: anything },
  'POST /api/notices/read': { summary: 'Mark notices as read', body: form({ 'ids?': listOf(id), 'all?': yes }),
    answer: object({ unread: whole }) },
  'POST /api/files': { summary: 'Bring a file of at most 20 MB; an action names it within 48 hours', status: 201,
    bodyType: 'multipart/form-data',
    body: object({ file: { type: 'string', contentMediaType: 'application/octet-stream' } }),
    answer: ref('File') },
  'GET /api/files/:id': { summary: 'The bytes of a file', headers: ['If-None-Match'], query: { view: { enum: ['1'] } },
    answerType: 'application/octet-stream', answer: { type: 'string', contentMediaType: 'application/octet-stream' } },
  'GET /api/settings': { summary: 'What holds in the company, and what of it is its own', answer: settings },
  'PUT /api/settings': { summary: 'Change the settings: a new revision', headers: ['If-Match'],
    body: form({ change: ref('SettingsChange'), why }), answer: settings },
  'GET /api/settings/revisions': { summary: 'Who changed the settings, when, why and how', query: { before: whole },
    answer: object({ revisions: listOf(anything), cursor: orNull(whole) }) },
  'POST /api/settings/preview': { summary: 'What a change of the settings would do, without doing it',
    body: form({ change: ref('SettingsChange') }), answer: object({ recomputes: orNull(ref('Count')) }) },
  'POST /api/settings/statutory-days': { summary: 'Load the statutory days of a year into a calendar',
    headers: ['If-Match'], body: form({ calendar: text, year: whole, why }), answer: settings },
  'POST /api/import-mode': { summary: 'Begin or end bringing history in', body: form({ on: yes, why }),
    answer: settings },
  'GET /api/positions': { summary: 'Positions of the company', answer: object({ positions: listOf(anything) }) },
  'POST /api/positions': { summary: 'Add a position', status: 201,
    body: form({ 'key?': text, name: text, 'roles?': listOf(text), why }), answer: settings },
  'PATCH /api/positions/:key': { summary: 'Rename a position, change its roles',
    body: form({ 'name?': text, 'roles?': listOf(text), why }), answer: settings },
  'POST /api/positions/:key/merge': { summary: 'Merge a position into another; its people move',
    body: form({ into: text, why }), answer: settings },
  'GET /api/lookup': { summary: 'Customers, contacts and machines while somebody types', query: { q: text },
    answer: anything },
  'GET /api/scan': { summary: 'What a scanned code, serial number or record number is', query: { code: text },
    answer: anything },
  'GET /api/customers/similar': { summary: 'Customers that may be the same', query: { name: text, phone: text },
    answer: anything },
  'GET /api/customers/:id/file': { summary: 'A customer with contacts, places, machines, what is due and owed', answer: anything },
  'GET /api/customers/:id/timeline': { summary: 'Everything that happened with a customer, newest first', answer: anything },
  'GET /api/entitlement': { summary: 'Warranty, contract, what is free and how fast, on a day', answer: anything,
    query: { customer: id, machine: id, on: text, class: text } },
  'GET /api/contracts/:id/file': { summary: 'A contract with what is left of its promises, machines, papers and stages',
    answer: anything },
  'GET /api/machines/:id/life': { summary: 'The life of a machine, its parts, and what its customer may expect',
    query: { before: text }, answer: anything },
  'GET /api/archive': { summary: 'The archive by industry, customer and contract', query: { industry: text,
    customer: text }, answer: anything },
  'GET /api/machines/:id/story': { summary: 'A machine with its warranty and all that was done to it',
    answer: anything },
  'GET /api/quotation/:id/desk': { summary: 'What one needs beside a quotation: result, parts asked for, earlier prices',
    answer: anything },
  'GET /api/quotation/:id/preview': { summary: 'How the quotation will look on paper',
    query: { as: { enum: ['pdf', 'svg'] } }, answerType: 'application/pdf',
    answer: { type: 'string', contentMediaType: 'application/pdf' } },
  'GET /api/shelves': { summary: 'What stands on each shelf or lies in each folder; one of them in full',
    query: { by: { enum: ['shelf', 'folder'] }, key: { type: 'string', maxLength: 40 } },
    answer: object({ by: text, shelves: listOf(anything) }) },
  'GET /api/shelves/paper': { summary: 'The same as a list to tick, or of calls to make', answerType: 'application/pdf',
    query: { by: { enum: ['shelf', 'folder'] }, key: { type: 'string', maxLength: 40 } },
    answer: { type: 'string', contentMediaType: 'application/pdf' } },
  'GET /api/reports/repairs': { summary: 'How repair orders ended, by brand, fault, model, cause or age',
    query: repairsQuery, answer: anything },
  'GET /api/reports/repairs/cases': { summary: 'The newest cases behind a figure of it', query: repairsQuery,
    answer: object({ cases: listOf(anything), more: yes }) },
  'GET /api/reports/customers': { summary: 'Customers by month: new, lost, merged; visits planned and made',
    query: customersQuery, answer: anything },
  'GET /api/reports/customers/cases': { summary: 'The newest records behind a figure of it', query: { ...customersQuery,
    behind: { enum: ['movement', 'visit'] }, movement: { enum: ['made', 'lost', 'regained', 'merged', 'archived'] }, month: text,
    handler: text, grade: text, outcome: { enum: ['kept', 'late', 'missed', 'dropped', 'ahead'] } },
  answer: object({ cases: listOf(anything), more: yes }) },
  'GET /api/reports/flow/:process': { summary: 'What really happened in a process: steps, times, deviations',
    query: flowQuery, answer: anything },
  'GET /api/reports/flow/:process/cases': { summary: 'The newest cases behind a figure of it', query: { ...flowQuery,
    behind: { enum: ['step', 'again', 'waived', 'late', 'refused', 'way'] }, action: text, from_state: text, to_state: text,
    code: text, what: text, path: text }, answer: object({ cases: listOf(anything), more: yes }) },
  'GET /api/reports/activities/:process': { answer: anything,
    summary: 'What was brought in, by the names and in the figures of the log of the former system',
    query: { phases: { enum: ['complete', 'all'] }, times: { type: 'string', description: 'Activities, with | between.' } } },
  'GET /api/stock': { summary: 'Parts with what lies where', query: { q: text, place: text, low: { enum: ['1'] },
    after: text }, answer: object({ rows: listOf(anything), cursor: orNull(text) }) },
  'GET /api/stock/day': { summary: 'What waits in the store: requests, orders, counts', answer: anything },
  'GET /api/stock/old-parts': { summary: 'Movements of parts that were taken out', query: { before: text },
    answer: anything },
  'GET /api/stock/:part/moves': { summary: 'Movements of one part', query: { before: text }, answer: anything },
  'GET /api/definitions': { summary: 'Processes in use, with what I may begin', answer: object({ definitions:
    listOf(object({ process: text, label: text, creates: listOf(object({ action: text, label: text })) })) }) },
  'GET /api/definitions/:process': { summary: 'The definition of a process that holds in the company',
    headers: ['If-None-Match'], answer: ref('Definition') },
  'GET /api/openapi.json': { summary: 'This document', answer: anything },
}
