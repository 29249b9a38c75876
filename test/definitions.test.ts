import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgotten, lockFile, lockText } from '../scripts/print-lock.ts'
import { type AnyProcess, builtIn, defineProcess, fieldsOf } from '../src/engine/define.ts'
import { roles } from '../src/engine/roles.ts'
import { processes } from '../src/processes/index.ts'
import type { Actor } from '../src/server/context.ts'
import { withClient } from '../src/server/database-roles.ts'
import { definitionView, unknownStates } from '../src/server/definitions.ts'
import { definitionRoutes } from '../src/server/routes/definitions.ts'
import { settingsRoutes } from '../src/server/routes/settings.ts'
import type { DefinitionView, DefinitionsView } from '../src/server/views.ts'
import { wordsOf } from '../src/words/index.ts'
import { testDatabases } from './databases.ts'
import { type Served, serve } from './serve.ts'

const specimen = defineProcess({
  name: 'specimen', zh: '样品',
  states: { fresh: { zh: '新鲜', kind: 'active', next: 'eat', owed_by: 'handler', edits: ['colour'] },
    eaten: { zh: '吃掉', kind: 'done' } },
  guards: { is_red: { zh: '要红的', test: () => true, or: { reason: true, by: ['manager'] } } },
  actions: {
    pick: { zh: '采摘', from: null, to: 'fresh', by: ['hotline', 'customer'], needs: {
      colour: { kind: 'choice', zh: '颜色', hint: '看皮', options: { red: '红', green: '绿' }, seen_by: ['customer'] },
      weight: { kind: 'integer', zh: '重量', retired: true } } },
    eat: { zh: '吃', from: 'fresh', to: 'eaten', by: ['hotline'], when: ['is_red'], needs: {
      taste: { kind: 'text', zh: '味道', required: true } }, then: [{ send: 'eaten', to: 'owner' }, { print: 'label' }] },
    smell: { zh: '闻', from: 'fresh', by: ['hotline'], retired: true, needs: { nose: { kind: 'text', zh: '鼻子' } } },
  },
  clocks: {}, documents: { label: { zh: '标签', template: 'label' } },
}) as unknown as AnyProcess

describe('a definition for people', () => {
  const view = definitionView(specimen, wordsOf('zh'), { kind: 'member' })

  test('tells states, actions, forms and what follows', () => {
    expect(view.actions.map(({ name, creates, from, to, guards, then }) => ({ name, creates, from, to, guards, then })))
      .toEqual([{ name: 'pick', creates: true, from: [], to: ['fresh'], guards: [], then: [] },
        { name: 'eat', creates: false, from: ['fresh'], to: ['eaten'], guards: ['is_red'],
          then: ['send eaten', 'print label'] }])
    expect(view.states[0]).toEqual({ name: 'fresh', label: '新鲜', kind: 'active', next: 'eat', owed_by: 'handler',
      edits: ['colour'] })
    expect(view.guards).toEqual({ is_red: { label: '要红的', waivable_by: ['manager'] } })
  })

  test('what is retired is on no form, yet old values keep their label', () => {
    expect(view.actions.map(({ name }) => name)).not.toContain('smell')
    expect(view.actions[0]!.needs.map(({ name }) => name)).toEqual(['colour'])
    expect(view.fields.find(({ name }) => name === 'weight')).toMatchObject({ label: '重量', retired: true })
  })

  test('a private link is told only what is open to customers', () => {
    const outside = definitionView(specimen, wordsOf('zh'), { kind: 'contact' })
    expect(outside.actions.map(({ name }) => name)).toEqual(['pick'])
    expect(outside.guards).toEqual({})
    expect(outside.fields.map(({ name }) => name)).toEqual(['colour', 'weight'])
    expect(outside.states[0]).toMatchObject({ owed_by: null, next: null, edits: [] })
  })
})

describe('English', () => {
  const english = wordsOf('en')
  const paths = (process: AnyProcess): [string, string][] => {
    const fields = Object.entries(fieldsOf(process))
    const parts: [string, Record<string, { zh: string }>][] = [['state', process.states], ['action', process.actions],
      ['guard', process.guards as never], ['clock', process.clocks], ['document', process.documents],
      ['field', Object.fromEntries(fields)]]
    return [[process.name, process.zh],
      ...parts.flatMap(([part, all]) => Object.entries(all).map(([name, { zh }]): [string, string] =>
        [`${process.name}.${part}.${name}`, zh])),
      ...fields.flatMap(([name, { hint }]): [string, string][] =>
        (hint ? [[`${process.name}.hint.${name}`, hint]] : []))]
  }

  test.each(['task', 'member', 'undelivered'])('every word of %s has its English', (name) => {
    expect(paths(processes[name]!).filter(([path, zh]) => english.label(path, zh) === zh)).toEqual([])
  })

  test('so have roles and built-in actions', () => {
    const all = [...Object.entries(roles).map(([key, zh]) => [`role.${key}`, zh] as const),
      ...Object.entries(builtIn).map(([key, { zh }]) => [`built_in.${key}`, zh] as const)]
    expect(all.filter(([path, zh]) => english.label(path, zh) === zh)).toEqual([])
  })
})

describe('the lock file', () => {
  const fresh = lockText(processes)

  test('no name that was printed once has gone', () => {
    expect(existsSync(lockFile) ? forgotten(readFileSync(lockFile, 'utf8'), fresh) : ['the file itself']).toEqual([])
  })

  test('is printed anew after each change of a definition: npx tsx scripts/print-lock.ts', () => {
    expect(readFileSync(lockFile, 'utf8')).toBe(fresh)
  })

  test('a retired name is still there; a removed one, or one of another kind, is told', () => {
    const old = lockText({ specimen })
    expect(old).toContain('specimen.action.smell retired\n')
    expect(forgotten(old.replace(' retired', ''), old)).toEqual([])
    const { eat: _eat, ...actions } = specimen.actions
    expect(forgotten(old, lockText({ specimen: { ...specimen, actions } })))
      .toEqual(['specimen.action.eat', 'specimen.field.taste text'])
  })
})

describe.each(testDatabases())('definitions on $name', (kind) => {
  let served: Served
  let admin: Actor
  let clerk: Actor

  beforeAll(async () => {
    served = await serve(kind, [definitionRoutes, settingsRoutes])
    admin = await served.at.person('钱经理', 'administrator')
    clerk = await served.at.person('王协调', 'coordinator')
  })
  afterAll(() => served.close())

  const put = async (change: object) => {
    const { revision } = (await served.ask(admin, 'GET', '/api/settings')).json() as { revision: number }
    const answer = await served.ask(admin, 'PUT', '/api/settings', { change, why: '试行' },
      { 'if-match': String(revision) })
    expect(answer.statusCode, answer.body).toBe(200)
  }

  test('are fetched in the reader’s language, and again only when they changed', async () => {
    const chinese = await served.ask(clerk, 'GET', '/api/definitions/task')
    expect(chinese.json<DefinitionView>().states[0]).toMatchObject({ name: 'open', label: '待领取' })
    const english = await served.ask(clerk, 'GET', '/api/definitions/task', undefined, { 'accept-language': 'en' })
    expect(english.json<DefinitionView>().states[0]).toMatchObject({ name: 'open', label: 'Open' })
    expect(english.headers.etag).not.toBe(chinese.headers.etag)
    const again = () => served.ask(clerk, 'GET', '/api/definitions/task', undefined,
      { 'if-none-match': String(chinese.headers.etag) })
    expect((await again()).statusCode).toBe(304)
    await put({ processes: { task: { labels: { 'state.open': '待认领' } } } })
    expect((await again()).json<DefinitionView>().states[0]).toMatchObject({ label: '待认领' })
  })

  test('the list names what this reader may begin', async () => {
    const creates = async (actor: Actor) => Object.fromEntries((await served.ask(actor, 'GET', '/api/definitions'))
      .json<DefinitionsView>().definitions.map((one) => [one.process, one.creates.map(({ action }) => action)]))
    expect(await creates(clerk)).toMatchObject({ task: ['create'], member: [], undelivered: [] })
    expect(await creates(admin)).toMatchObject({ member: ['join'] })
  })

  test('a process that is switched off is told from one that does not exist', async () => {
    await put({ processes: { purchase: { on: false } } })
    const code = async (name: string) =>
      (await served.ask(clerk, 'GET', `/api/definitions/${name}`)).json().error.code as string
    expect([await code('purchase'), await code('nothing'), await code('__proto__')])
      .toEqual(['process_off', 'not_found', 'not_found'])
  })

  test('states that records are in and the program does not know are told at the start', async () => {
    await served.at.act(clerk, 'task', 'create', null, { title: '甲' })
    expect(await unknownStates(served.at.db, processes)).toEqual([])
    const { taken: _taken, open: _open, ...states } = processes.task!.states
    expect(await unknownStates(served.at.db,
      { ...processes, task: { ...processes.task!, states } })).toEqual(['task.open'])
    await served.at.act(clerk, 'task', 'create', null, { title: '乙', handler: clerk.id })
    const { member: _member, ...others } = processes
    expect(await unknownStates(served.at.db, { ...others, task: { ...processes.task!, states } }))
      .toEqual(['member.active', 'task.open', 'task.taken'])
  })

  test('nobody but the server’s role may use the doors of this migration', async () => {
    const doors = ['stale_files', 'erase_personal', 'states_in_use']
    const rows = await withClient(served.at.database.owner, async (client) => (await client.query(`
      select p.proname as name, p.prosecdef as definer, p.proconfig as config,
        has_function_privilege('gongdan_app', p.oid, 'execute') as app,
        exists (select from aclexplode(p.proacl) a where a.grantee = 0) as everybody
      from pg_proc p where p.proname = any($1) order by p.proname`, [doors])).rows)
    expect(rows).toEqual(doors.sort().map((name) => ({ name, definer: true, app: true, everybody: false,
      config: ['search_path=public, pg_temp'] })))
  })
})
