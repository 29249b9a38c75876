import { describe, expect, test } from 'vitest'
import type { AnyProcess } from '../src/engine/define.ts'
import { type Finding, type Surroundings, explore } from '../src/engine/explore.ts'
import { staff } from '../src/engine/roles.ts'
import { sourcesIn } from '../scripts/sources.ts'
import { house } from './company.ts'
import { specimenHouse } from './specimen-noun.ts'
import { surroundingsOf } from './surroundings.ts'

const told = (findings: readonly Finding[]) =>
  findings.map(({ process, path, code, detail }) => `${process} ${path}: ${code} ${detail}`.trim())

describe('every process is sound', () => {
  test.each(Object.keys(house.processes))('%s', (name) => {
    expect(told(explore(house.processes[name]!, surroundingsOf(house)))).toEqual([])
  })
  test('the specimen', () => {
    expect(told(explore(specimenHouse.processes.specimen!, surroundingsOf(specimenHouse)))).toEqual([])
  })
  test('every process has its noun, and every noun its process', () => {
    expect(Object.keys(house.nouns).sort()).toEqual(Object.keys(house.processes).sort())
    for (const [key, { name }] of Object.entries(house.processes)) expect(name).toBe(key)
  })
})

/** The smallest sound process; each bad example changes one thing. */
const sound = {
  name: 'desk', zh: '前台',
  states: { open: { zh: '在办', kind: 'active', next: 'close', owed_by: 'owner' }, closed: { zh: '已结', kind: 'done' } },
  guards: { ready: { zh: '还没准备好', test: (f: { open_children: number }) => f.open_children === 0,
    or: { reason: true, by: ['manager'] } } },
  actions: {
    create: { zh: '登记', from: null, to: 'open', by: [...staff, 'system'],
      needs: { title: { kind: 'text', zh: '事项', required: true } } },
    close: { zh: '结束', from: 'open', to: 'closed', by: ['manager', 'system'], when: ['ready'], writes: 'close',
      needs: { result: { kind: 'text', zh: '结果' } } },
    chase: { zh: '催办', from: 'open', by: ['system'] },
  },
  clocks: { limit: { zh: '时限', runs_in: ['open'], due: { minutes: 'desk.minutes' }, calendar: 'office',
    warn: [{ key: 'soon', share: 0.5 }], then: 'chase', kind: 'limit' } },
  documents: { slip: { zh: '单据', template: 'slip' } },
}
type Draft = typeof sound
const around: Surroundings = { processes: {}, headFields: ['title', 'owner'], limits: new Set(['desk.minutes']),
  calendars: new Set(['office']),
  nouns: { desk: { columns: ['result'], writes: ['close'], sets: [] } } }

/** What explore says after one change of the sound process, as codes. */
function codes(change: (draft: any, surroundings: any) => void): string[] {
  const draft: Draft = { ...structuredClone({ ...sound, guards: {} }), guards: { ready: { ...sound.guards.ready } } }
  const surroundings = structuredClone(around)
  change(draft, surroundings)
  const process = draft as unknown as AnyProcess
  return explore(process, { ...surroundings, processes: { desk: process, ...surroundings.processes } })
    .map(({ code }) => code)
}

test('the example itself is sound', () => expect(codes(() => {})).toEqual([]))

/** One bad example for each code. */
const bad: Record<string, (draft: any, surroundings: any) => void> = {
  unreachable: (p) => { p.states.lost = { zh: '迷失', kind: 'done' } },
  no_way_out: (p) => {
    p.states.stuck = { zh: '卡住', kind: 'active' }
    p.actions.park = { zh: '搁置', from: 'open', to: 'stuck', by: ['manager'] }
  },
  retired_reached: (p) => { p.states.open.retired = true },
  no_creation: (p) => { p.actions.create.from = 'closed' },
  end_with_next: (p) => { p.states.closed.owed_by = 'owner' },
  void_edited: (p) => { Object.assign(p.states.closed, { kind: 'void', edits: ['title'] }) },
  owed_nothing: (p) => { delete p.states.open.next },
  owed_by_nobody: (p) => { delete p.states.open.owed_by },
  owed_twice: (p) => {
    p.states.open.next = [{ when: 'ready', action: 'close', owed_by: 'manager' }, { action: 'close', owed_by: 'owner' }]
  },
  next_missing: (p) => { p.states.open.next = 'clsoe' },
  next_not_from_here: (p) => { p.states.open.next = 'create' },
  next_not_by_whoever_owes: (p) => { p.states.open.owed_by = 'finance' },
  built_in_name: (p) => { p.actions.edit = { zh: '改', from: 'open', by: ['manager'] } },
  by_nobody: (p) => { p.actions.chase.by = [] },
  doer_twice: (p) => { p.actions.chase.by = ['system', 'system'] },
  creates_no_state: (p) => { p.actions.begin = { zh: '开始', from: null, by: ['manager'] } },
  never_possible: (p) => {
    p.states.lost = { zh: '迷失', kind: 'done' }
    p.actions.find = { zh: '找回', from: 'lost', by: ['manager'] }
  },
  from_void: (p) => {
    p.states.gone = { zh: '作废', kind: 'void' }
    p.actions.void = { zh: '作废', from: 'open', to: 'gone', by: ['manager'] }
    p.actions.revive = { zh: '复活', from: ['gone'], to: 'open', by: ['manager'] }
  },
  from_nowhere: (p) => { p.actions.chase.from = [] },
  branch_alone: (p) => { p.actions.close.to = [{ state: 'closed' }] },
  last_branch_conditional: (p) => {
    p.actions.close.to = [{ when: 'ready', state: 'open' }, { when: 'ready', state: 'closed' }]
  },
  branch_shadows_rest: (p) => { p.actions.close.to = [{ state: 'open' }, { state: 'closed' }] },
  guard_twice: (p) => { p.actions.close.when = ['ready', 'ready'] },
  guard_unused: (p) => { p.guards.idle = { zh: '闲着', test: () => true } },
  guard_reads_input: (p) => { p.guards.ready.test = (f: { input: { x: unknown } }) => f.input.x !== undefined },
  waived_by_nobody: (p) => { p.guards.ready.or = { reason: true, by: [] } },
  waiver_of_a_choice: (p) => {
    p.guards.pick = { zh: '挑选', test: () => true, or: { reason: true, by: ['manager'] } }
    p.actions.close.to = [{ when: 'pick', state: 'open' }, { state: 'closed' }]
  },
  waiver_without_action: (p) => { p.guards.ready.or.by = ['finance'] },
  reserved_name: (p) => { p.actions.close.needs.waive = { kind: 'text', zh: '跳过' } },
  company_name: (p) => { p.actions.close.needs.x_colour = { kind: 'text', zh: '颜色' } },
  field_differs: (p) => { p.actions.close.needs.title = { kind: 'long_text', zh: '事项' } },
  empty_checklist: (p) => { p.actions.close.needs.list = { kind: 'checklist', zh: '检查', items: [] } },
  item_twice: (p) => {
    p.actions.close.needs.list = { kind: 'checklist', zh: '检查', items: [{ id: 'a', zh: '甲' }, { id: 'a', zh: '乙' }] }
  },
  no_choice: (p) => { p.actions.close.needs.way = { kind: 'choice', zh: '方式', options: { one: '一种' } } },
  no_columns: (p) => { p.actions.close.needs.rows = { kind: 'lines', zh: '明细', columns: {} } },
  column_required_if: (p) => {
    p.actions.close.needs.rows = { kind: 'lines', zh: '明细',
      columns: { a: { kind: 'text', zh: '甲', required: 'ready' } } }
  },
  begins_nothing: (p) => { p.begins = ['nowhere'] },
  asks_no_such_field: (p) => { p.guards.ready.asks = { input: 'nowhere', given: true } },
  required_yet_not_always_asked: (p) => {
    p.actions.close.needs.extra = { kind: 'text', zh: '另外', required: true, asked_if: 'ready' }
  },
  asked_always_says_nothing: (p) => { p.actions.close.needs.extra = { kind: 'text', zh: '另外', asked: 'always' } },
  bad_name: (p) => { p.actions.reOpen = { zh: '重开', from: 'closed', to: 'open', by: ['manager'] } },
  no_chinese: (p) => { p.states.open.zh = 'Open' },
  too_many_rules: (p) => { p.actions.close.rule = ['X-001', 'X-002', 'X-003', 'X-004', 'X-005'] },
  rule_twice: (p) => { p.actions.close.rule = ['X-001', 'X-001'] },
  no_such_state: (p) => { p.actions.close.to = 'closd' },
  no_such_guard: (p) => { p.actions.close.when = ['redy'] },
  no_such_action: (p) => { p.clocks.limit.stops_on = ['clsoe'] },
  no_such_document: (p) => { p.actions.close.then = [{ print: 'slpi' }] },
  no_such_field: (p) => { p.states.open.edits = ['titel'] },
  edited_but_not_kept: (p, s) => { p.states.open.edits = ['result']; s.nouns.desk.columns = []; },
  no_such_process: (p) => { p.actions.close.then = [{ open: 'dsek', fill: {} }] },
  told_action_missing: (p) => { p.actions.close.then = [{ tell: 'parent', action: 'child_don' }] },
  told_action_not_by_system: (p) => {
    p.actions.reopen = { zh: '重开', from: 'closed', to: 'open', by: ['manager'] }
    p.actions.close.then = [{ tell: 'self', action: 'reopen' }]
  },
  opened_not_by_system: (p) => {
    p.actions.create.by = staff
    p.actions.close.then = [{ open: 'desk', fill: { title: { input: 'result' } } }]
  },
  opened_in_two_ways: (p) => {
    p.actions.begin = { zh: '开始', from: null, to: 'open', by: ['system'] }
    p.actions.close.then = [{ open: 'desk', fill: { title: { input: 'result' } } }]
  },
  required_not_filled: (p) => { p.actions.close.then = [{ open: 'desk', fill: {} }] },
  runs_nowhere: (p) => { p.clocks.limit.runs_in = [] },
  runs_after_end: (p) => { p.clocks.limit.runs_in = ['closed'] },
  runs_in_retired: (p) => {
    p.states.old = { zh: '旧', kind: 'active', retired: true }
    p.clocks.limit.runs_in = ['old']
  },
  no_such_calendar: (p) => { p.clocks.limit.calendar = 'ofice' },
  no_such_limit: (p) => { p.clocks.limit.due = { minutes: 'desk.minuets' } },
  step_twice: (p) => { p.clocks.limit.warn = [{ key: 'due', share: 0.5 }] },
  share_out_of_range: (p) => { p.clocks.limit.warn = [{ key: 'soon', share: 1.5 }] },
  bad_days: (p) => { p.clocks.limit.due = { end_of_day: -1 } },
  due_not_kept: (p) => { p.clocks.limit.due = { at: 'due_at' } },
  due_not_an_instant: (p) => { p.clocks.limit.due = { at: 'result' } },
  strike_not_by_system: (p) => { p.actions.chase.by = ['manager'] },
  strike_not_from: (p) => { p.actions.chase.from = 'closed' },
  strike_with_a_form: (p) => { p.actions.chase.needs = { why: { kind: 'text', zh: '原因', required: true } } },
  no_noun: (_p, s) => { s.nouns = {} },
  column_never_filled: (_p, s) => { s.nouns.desk.columns = ['result', 'ghost'] },
  no_such_column: (_p, s) => { s.nouns.desk.sets = ['ghost'] },
  no_such_write: (_p, s) => { s.nouns.desk.writes = [] },
  write_unused: (_p, s) => { s.nouns.desk.writes = ['close', 'burn'] },
}

describe('explore finds', () => {
  test.each(Object.entries(bad))('%s', (code, change) => expect(codes(change)).toContain(code))
})

test('every finding has its bad example', () => {
  const text = sourcesIn('src/engine').filter(({ path }) => /\/explore[a-z-]*\.ts$/.test(path))
    .map((one) => one.text).join()
  const said = [...text.matchAll(/(?:say\([^,]+(?:\([^)]*\))?, |missing\()'([a-z_]+)'/g)].map(([, code]) => code!)
  expect([...new Set(said)].sort()).toEqual(Object.keys(bad).sort())
})
