import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../src/server/config.ts'
import type { Actor } from '../src/server/context.ts'
import type { Routes } from '../src/server/http.ts'
import { fixedRoutes, processRoutes } from '../src/server/openapi-routes.ts'
import type { RouteLine } from '../src/server/route-table.ts'
import { houseRoutes } from '../src/server/routes/house.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

type Operation = { operationId: string; summary: string; parameters: { $ref?: string; name?: string; in?: string }[]
  requestBody?: { content: Record<string, { schema: object }> }; responses: Record<string, object> }
type Document = { openapi: string; paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, object>> }

/** Every area of routes that the tree has, so that a route that somebody adds is met here. */
async function allRoutes(): Promise<Routes[]> {
  const folder = join(import.meta.dirname, '..', 'src', 'server', 'routes')
  const names = readdirSync(folder).filter((name) => !['house.ts', 'index.ts', 'web.ts'].includes(name))
  const modules = await Promise.all(names.map((name) => import(join(folder, name)) as Promise<Record<string, unknown>>))
  const areas = modules.flatMap((module) => Object.entries(module)
    .filter(([name, value]) => typeof value === 'function' && /^(live|[a-z]\w*Routes)$/.test(name))
    .map(([, value]) => value as Routes))
  return [houseRoutes(readConfig({})), ...areas]
}

/** Does a path of the document belong to a route: '/api/task/{id}/take' to '/api/:process/:id/:action'? */
function belongs(path: string, method: string, route: RouteLine): boolean {
  const [a, b] = [path.split('/'), route.url.split('/')]
  return route.method === method.toUpperCase() && a.length === b.length
    && a.every((part, index) => part === b[index] || b[index]!.startsWith(':'))
}

const byName = (a: string | undefined, b: string | undefined) => String(a).localeCompare(String(b))

describe('the API document', () => {
  let served: Served
  let admin: Actor
  let document: Document
  let routes: readonly RouteLine[]

  beforeAll(async () => {
    served = await serve(testDatabases()[0]!, await allRoutes())
    admin = await served.at.person('钱经理', 'administrator')
    const answer = await served.ask(admin, 'GET', '/api/openapi.json')
    expect(answer.statusCode, answer.body).toBe(200)
    document = answer.json()
    routes = served.server.routeTable.filter(({ url }) => url.startsWith('/api/'))
  })
  afterAll(() => served.close())

  const operations = () => Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))

  test('holds every route of the server, and nothing else', () => {
    expect(routes.length).toBeGreaterThan(30)
    const written = operations()
    expect(routes.filter((route) => !written.some(({ path, method }) => belongs(path, method, route)))).toEqual([])
    expect(written.filter(({ path, method }) => !routes.some((route) => belongs(path, method, route)))).toEqual([])
  })

  test('says what each route is for', () => {
    const described = (route: RouteLine) => (route.url.startsWith('/api/:process')
      ? ['POST ', 'POST /:id/:action'].includes(`${route.method} ${route.url.slice('/api/:process'.length)}`)
        || `${route.method} ${route.url.slice('/api/:process'.length)}` in processRoutes
      : `${route.method} ${route.url}` in fixedRoutes)
    expect(routes.filter((route) => !described(route)).map(({ method, url }) => `${method} ${url}`)).toEqual([])
    expect(operations().filter(({ operation }) => operation.summary === '').map(({ path }) => path)).toEqual([])
    expect(operations().filter(({ operation }) => /undefined/.test(JSON.stringify(operation)))).toEqual([])
  })

  test('is made from the definitions of the company: a form, an answer and headers for every action', () => {
    expect(document.openapi).toBe('3.1.0')
    const take = document.paths['/api/task/{id}/finish']!.post!
    expect(take.summary).toBe('完成')
    expect(take.requestBody!.content['application/json']!.schema).toMatchObject({ type: 'object',
      additionalProperties: false,
      required: ['result'], properties: { result: { title: '结果', type: 'string', maxLength: 2000 },
        photos: { type: 'array' }, waive: { $ref: '#/components/schemas/Waivers' } } })
    expect(take.parameters.flatMap(({ $ref }) => $ref ?? [])).toEqual(expect.arrayContaining([
      '#/components/parameters/Idempotency-Key', '#/components/parameters/If-Match']))
    expect(document.paths['/api/task']!.post!.requestBody!.content['application/json']!.schema)
      .toMatchObject({ required: ['title'], properties: { parent: {}, at: {} } })
    expect(document.paths['/api/task/{id}/edit']!.post!.requestBody!.content['application/json']!.schema)
      .toMatchObject({ properties: { title: { type: 'array', minItems: 2, maxItems: 2 } } })
    expect(document.paths['/api/task/{id}/child_done']).toBeUndefined()
    expect(document.components.schemas!.member_record).toMatchObject({ allOf: [{ $ref: '#/components/schemas/Record' },
      { properties: { values: { properties: { phone: {} } } } }] })
    expect(JSON.stringify(document.components.schemas!.member_record)).not.toContain('password')
  })

  test('every reference leads somewhere, every path says its parameters, every name is one of a kind', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
    expect(refs.filter(([, part, name]) => !document.components[part!]?.[name!]).map(([all]) => all)).toEqual([])
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted(byName)
      expect(operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name).toSorted(byName),
        path).toEqual(named)
      expect(Object.keys(operation.responses), path).toContain('default')
    }
  })

  test('every schema is a JSON Schema of 2020-12, and real answers fit theirs', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'doc', ...document } as object)
    const check = (path: string) => ajv.compile({ $ref: `doc#${path}` })
    for (const name of Object.keys(document.components.schemas!)) check(`/components/schemas/${name}`)
    for (const { path, method, operation } of operations()) {
      const place = path.replaceAll('/', '~1').replace(/[{}]/g, (one) => encodeURIComponent(one))
      const at = `/paths/${place}/${method}`
      for (const type of Object.keys(operation.requestBody?.content ?? {})) {
        check(`${at}/requestBody/content/${type.replace('/', '~1')}/schema`)
      }
    }
    const fits = (schema: string, value: unknown) => {
      const validate = check(`/components/schemas/${schema}`)
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true)
    }
    const clerk = await served.at.person('王协调', 'coordinator')
    const made = await served.ask(clerk, 'POST', '/api/task', { title: '回电' }, { 'idempotency-key': 'api-document-1' })
    expect(made.statusCode, made.body).toBe(201)
    fits('task_record', made.json())
    fits('Error', (await served.ask(clerk, 'POST', '/api/task', {})).json())
    fits('Page', (await served.ask(clerk, 'GET', '/api/task')).json())
    fits('Settings', (await served.ask(admin, 'GET', '/api/settings')).json())
    fits('Definition', (await served.ask(clerk, 'GET', '/api/definitions/task')).json())
  })

  test('follows the reader’s language and the company’s own settings', async () => {
    const { revision } = (await served.ask(admin, 'GET', '/api/settings')).json() as { revision: number }
    const x_colour = { kind: 'choice', zh: '颜色', options: { red: '红' }, on: ['create'] }
    expect((await served.ask(admin, 'PUT', '/api/settings',
      { why: '试行', change: { processes: { task: { extra: { x_colour },
      require: { note: ['note'] } }, undelivered: { labels: { '': '没送到' } } } } },
    { 'if-match': String(revision) })).statusCode).toBe(200)
    const again = (await served.ask(admin, 'GET', '/api/openapi.json', undefined,
      { 'accept-language': 'en' })).json<Document>()
    expect(again.paths['/api/task/{id}/take']!.post!.summary).toBe('Take')
    expect(again.paths['/api/task']!.post!.requestBody!.content['application/json']!.schema)
      .toMatchObject({ properties: { x_colour: { title: '颜色', enum: ['red'] } } })
    expect(again.paths['/api/task/{id}/note']!.post!.requestBody!.content['application/json']!.schema)
      .toMatchObject({ required: ['note'] })
  })
})
