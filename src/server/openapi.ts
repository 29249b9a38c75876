import { type Action, type AnyProcess, builtIn, fieldsOf } from '../engine/define.ts'
import { type AnyField, formSchema, schemaOf } from '../engine/fields.ts'
import { refusals } from '../engine/refusal.ts'
import type { Words } from '../words/index.ts'
import { labelOf } from './answer.ts'
import { localField } from './definitions.ts'
import { type RouteDoc, type Schema, anything, fixedRoutes, instant, orNull, processRoutes, ref, text }
  from './openapi-routes.ts'
import { schemas } from './openapi-schemas.ts'
import type { RouteLine } from './route-table.ts'

export type ApiSource = { definitions: Readonly<Record<string, AnyProcess>>; revision: number; words: Words
  routes: readonly RouteLine[]; company: string }

type Operation = Record<string, unknown>
type Paths = Record<string, Record<string, Operation>>

const createRoute = 'POST /api/:process'
const actRoute = 'POST /api/:process/:id/:action'

/**
 * The API as one OpenAPI 3.1 document, for the company that asks: its processes with its own words, fields and
 * requirements. Made from the definitions and from the routes that this server has registered, so that forms,
 * validation and documentation are one thing.
 */
export function openApi(source: ApiSource): Record<string, unknown> {
  const paths: Paths = {}
  const add = (method: string, url: string, operation: Operation) => {
    const path = url.replace(/:(\w+)/g, '{$1}')
    ;(paths[path] ??= {})[method.toLowerCase()] = operation
  }
  for (const route of source.routes.filter(({ url }) => url.startsWith('/api/'))) {
    const key = `${route.method} ${route.url}`
    if (!route.url.startsWith('/api/:process')) add(route.method, route.url, fixed(route, fixedRoutes[key]))
    else for (const process of Object.values(source.definitions)) addProcess(source, process, route, key, add)
  }
  return {
    openapi: '3.1.0',
    info: { title: `工单 Gongdan · ${source.company}`, version: `1.${source.revision}`,
      description: source.words.language === 'en'
        ? 'Every change is an action of a process. A refusal names its reason; nothing was written then.'
        : '一切改动都是某项业务的一个操作。被拒绝时会说明原因，且没有写入任何内容。' },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { key: [] }],
    tags: Object.values(source.definitions).map((process) =>
      ({ name: process.name, description: labelOf(source.words, process, process.name) })),
    paths,
    components: { schemas: { ...schemas, ...processSchemas(source) }, parameters, headers, responses, securitySchemes },
  }
}

const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'gongdan_session' },
  key: { type: 'http', scheme: 'bearer', description: 'An API key of the company.' },
}

const parameters = {
  'Idempotency-Key': { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 8, maxLength: 200 },
    description: 'The same key with the same body is done once; the answer then carries Idempotent-Replayed.' },
  'If-Match': { name: 'If-Match', in: 'header', schema: { type: 'string', pattern: '^"?[0-9]{1,9}"?$' },
    description: 'The seq (of settings: the revision) that was read; a newer one answers 409 stale.' },
  'If-None-Match': { name: 'If-None-Match', in: 'header', schema: { type: 'string' } },
  Prefer: { name: 'Prefer', in: 'header', schema: { enum: ['return=minimal'] } },
}

const headers = { ETag: { schema: { type: 'string' } } }

const responses = {
  Refused: { description: Object.entries(refusals).map(([code, { status, en }]) =>
    `${status} ${code}: ${en}`).join('\n'),
    content: { 'application/json': { schema: ref('Error') } } },
}

const refused = { $ref: '#/components/responses/Refused' }
const header = (name: keyof typeof parameters) => ({ $ref: `#/components/parameters/${name}` })

const pathParameters = (url: string) => [...url.matchAll(/:(\w+)/g)].map(([, name]) =>
  ({ name, in: 'path', required: true, schema: name === 'id' ? { type: 'string', format: 'uuid' } : text }))

const operationId = (method: string, url: string) =>
  `${method.toLowerCase()}${url.replace('/api', '').replace(/[^A-Za-z0-9]+/g, '_')}`.replace(/_$/, '')

/** A route of fixed form. One that nobody has described yet is in the document all the same. */
function fixed({ method, url, open }: RouteLine, doc: RouteDoc = { summary: '', answer: anything }, tag?: string):
  Operation {
  const content = doc.answer === null ? {}
    : { content: { [doc.answerType ?? 'application/json']: { schema: doc.answer } } }
  return {
    operationId: operationId(method, url), summary: doc.summary, ...(tag !== undefined && { tags: [tag] }),
    ...(open && { security: [] }),
    parameters: [...pathParameters(url), ...(doc.headers ?? []).map(header),
      ...Object.entries(doc.query ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }))],
    ...(doc.body && { requestBody: { required: true,
      content: { [doc.bodyType ?? 'application/json']: { schema: doc.body } } } }),
    responses: { [doc.status ?? 200]: { description: 'OK', ...content },
      ...(doc.headers?.includes('If-None-Match') && { 304: { description: 'Not changed since.' } }), default: refused },
  }
}

function addProcess(source: ApiSource, process: AnyProcess, route: RouteLine, key: string,
  add: (method: string, url: string, operation: Operation) => void): void {
  const url = route.url.replace(':process', process.name)
  if (key === createRoute) {
    const creating = actionsOf(process).filter(([, action]) => action.from === null)
    if (creating.length > 0) add('POST', url, creation(source, process, creating))
  } else if (key === actRoute) {
    for (const [name, action] of actionsOf(process).filter(([, { from }]) => from !== null)) {
      add('POST', url.replace(':action', name), acting(source, process, name, action))
    }
  } else {
    const doc = processRoutes[key.replace('/api/:process', '')]
    const own = doc && route.url === '/api/:process/:id' ? { ...doc, answer: ref(`${process.name}_record`) } : doc
    add(route.method, url, fixed({ ...route, url }, own, process.name))
  }
}

/** What can be asked for from outside: not what is retired or only the machine does. */
function actionsOf(process: AnyProcess): [string, Action][] {
  const edits = Object.values(process.states).some((state) => (state.edits?.length ?? 0) > 0)
  const outside = Object.entries(process.actions)
    .filter(([, action]) => !action.retired && action.by.some((doer) => doer !== 'system'))
  return edits ? [...outside, ['edit', { ...builtIn.edit }]] : outside
}

const localNeeds = (source: ApiSource, process: AnyProcess, needs: Readonly<Record<string, AnyField>>) =>
  Object.fromEntries(Object.entries(needs).map(([name, field]) => {
    const view = localField(source.words, process, name, field)
    return [name, { ...view, zh: view.label } as AnyField]
  }))

/** The form of an action with the words of the envelope: waivers, when it happened, what it belongs to. */
function bodyOf(source: ApiSource, process: AnyProcess, name: string, action: Action): Schema {
  if (name === 'edit') return editBody(source, process)
  const form = formSchema(localNeeds(source, process, action.needs ?? {}))
  const waivable = (action.when ?? []).some((guard) => process.guards[guard]?.or !== undefined)
  return { ...form, properties: { ...form.properties as object,
    ...(waivable && { waive: ref('Waivers') }),
    ...(action.cards && { shown: { type: 'array', uniqueItems: true, items: { enum: Object.keys(action.cards) } } }),
    ...(action.from === null && { parent: orNull({ type: 'string', format: 'uuid' }), old_number: text }),
    at: { ...instant,
      description: 'Only from an offline device, or with an import key in a company in import mode.' },
    brought: broughtWords } }
}

/** What a program that brings history in says of an event beyond its form. */
const broughtWords = { type: 'object', additionalProperties: false,
  description: 'Only with an import key in a company in import mode.',
  properties: { by: { type: 'string', format: 'uuid', description: 'The member who did it.' },
    activity: { type: 'string', maxLength: 120, description: 'What the former system called it.' },
    phase: { enum: ['start', 'complete'], description: 'Did the activity begin or end?' } } }

/** {field: [old, new]}: the old value is compared for each field. */
function editBody(source: ApiSource, process: AnyProcess): Schema {
  const names = new Set(Object.values(process.states).flatMap((state) => state.edits ?? []))
  const fields = Object.entries(localNeeds(source, process, fieldsOf(process)))
    .filter(([name, field]) => names.has(name) && !field.retired)
  return { type: 'object', additionalProperties: false, minProperties: 1,
    properties: Object.fromEntries(fields.map(([name, field]) => [name, { type: 'array', minItems: 2, maxItems: 2,
      title: field.zh, items: orNull(schemaOf(field)) }])) }
}

const acted = (process: AnyProcess, status: 200 | 201) => ({
  [status]: { description: 'Done; the record as it is now, with its actions on offer.',
    headers: { ETag: { $ref: '#/components/headers/ETag' } },
    content: { 'application/json': { schema: { anyOf: [ref(`${process.name}_record`), ref('Done')] } } } },
  default: refused,
})

const actHeaders = [header('Idempotency-Key'), header('If-Match'), header('Prefer')]

function acting(source: ApiSource, process: AnyProcess, name: string, action: Action): Operation {
  return {
    operationId: `${process.name}_${name}`, tags: [process.name],
    summary: labelOf(source.words, process, `action.${name}`),
    'x-by': name === 'edit' ? undefined : action.by, 'x-rules': action.rule,
    parameters: [...pathParameters('/:id'), ...actHeaders],
    requestBody: { required: true, content: { 'application/json': { schema: bodyOf(source, process, name, action) } } },
    responses: acted(process, 200),
  }
}

/** One way to begin, or several: then `action` says which. */
function creation(source: ApiSource, process: AnyProcess, creating: readonly [string, Action][]): Operation {
  const bodies = creating.map(([name, action]) => bodyOf(source, process, name, action))
  return {
    operationId: `${process.name}_create`, tags: [process.name],
    summary: creating.map(([name]) => labelOf(source.words, process, `action.${name}`)).join(' / '),
    'x-by': [...new Set(creating.flatMap(([, action]) => action.by))],
    parameters: [{ name: 'action', in: 'query', schema: { enum: creating.map(([name]) => name) } }, ...actHeaders],
    requestBody: { required: true,
      content: { 'application/json': { schema: bodies.length === 1 ? bodies[0] : { anyOf: bodies } } } },
    responses: acted(process, 201),
  }
}

/** A record of each process: the general one with its own fields. */
function processSchemas(source: ApiSource): Record<string, Schema> {
  return Object.fromEntries(Object.values(source.definitions).flatMap((process) => {
    const fields = localNeeds(source, process, fieldsOf(process))
    const values = { type: 'object', properties: Object.fromEntries(Object.entries(fields)
      .filter(([, field]) => field.kind !== 'secret')
      .map(([name, field]) => [name, { title: field.zh, ...orNull(schemaOf(field)) }])) }
    return [[`${process.name}_record`, { allOf: [ref('Record'), { type: 'object', properties: { values } }] }]]
  }))
}
