import type { BaseFacts } from '../src/engine/define.ts'
import { defineProcess } from '../src/engine/define.ts'
import type { Field } from '../src/engine/fields.ts'
import { staff } from '../src/engine/roles.ts'
import { strippedForTest } from '../src/processes/stripped.ts'
import { base } from '../src/regulations/base.ts'
import type { Profile } from '../src/regulations/profile.ts'
import type { Rule } from '../src/regulations/rule.ts'

/**
 * 样机 — a process of the tests alone that uses every element that a process can have. Its rules are invented, X-001…;
 * its table and noun are in specimen-noun.ts.
 */
export type SpecimenFacts = BaseFacts & { parts_outstanding: number; stock: number; cost_fen: number; is_gift: boolean
  has_promise: boolean }

export const xRules: readonly Rule[] = [
  { id: 'X-001', group: 'X-A', kind: 'guard', title: '配件未齐不得完工' },
  { id: 'X-002', group: 'X-A', kind: 'guard', title: '超出限额须说明原因' },
  { id: 'X-003', group: 'X-A', kind: 'field', title: '检测须写明结论' },
  { id: 'X-004', group: 'X-A', kind: 'field', title: '收费时须填报价' },
  { id: 'X-005', group: 'X-A', kind: 'checklist', title: '外观检查须拍照' },
  { id: 'X-006', group: 'X-B', kind: 'clock', title: '收机后限时检测' },
  { id: 'X-007', group: 'X-B', kind: 'clock', title: '试机至少满一小时' },
  { id: 'X-008', group: 'X-B', kind: 'document', title: '收机打印收条' },
  { id: 'X-009', group: 'X-B', kind: 'notice', title: '完工通知客户' },
  { id: 'X-010', group: 'X-B', kind: 'schedule', title: '每日清点样机' },
  { id: 'X-011', group: 'X-C', kind: 'role', title: '报废只由主管决定' },
  { id: 'X-012', group: 'X-C', kind: 'state', title: '客户可以拒绝报价' },
  { id: 'X-013', group: 'X-C', kind: 'task', title: '返修另开待办' },
  { id: 'X-014', group: 'X-C', kind: 'guard', title: '此条的测试太弱' },
  { id: 'X-015', group: 'X-C', kind: 'report', title: '此条尚未实现' },
]

const title: Field = { kind: 'text', zh: '名称', required: true, min: 2, max: 80 }
const note: Field = { kind: 'long_text', zh: '备注', max: 1000 }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const photos: Field = { kind: 'files', zh: '照片', max: 3 }

const intake = {
  title, note,
  phone: { kind: 'phone', zh: '联系电话', personal: true },
  email: { kind: 'email', zh: '联系邮箱', personal: true },
  access_code: { kind: 'secret', zh: '开机密码' },
  made_on: { kind: 'date', zh: '出厂日期' },
  promised_at: { kind: 'instant', zh: '承诺时间' },
  owner: { kind: 'person', zh: '责任人' },
  team: { kind: 'team', zh: '负责组' },
  is_gift: { kind: 'flag', zh: '免费' },
  greeted: { kind: 'confirm', zh: '已问候', required: true },
  related: { kind: 'record', zh: '相关待办', process: 'task' },
  channel: { kind: 'choice', zh: '来源', required: true, options: { visit: '上门', post: '寄来', pickup: '上门取机' } },
  parts_seen: { kind: 'choices', zh: '附件', options: { cable: '电源线', battery: '电池', bag: '包' } },
  informed: { kind: 'positions', zh: '知会职务' },
  enclosed: { kind: 'lines', zh: '随机物品', max: 5, columns: {
    name: { kind: 'text', zh: '品名', required: true, max: 40 }, amount: { kind: 'integer', zh: '数量', min: 1 } } },
  pieces: { kind: 'integer', zh: '件数', min: 1, max: 99 },
  photos,
} as const satisfies Record<string, Field>

export const specimen = defineProcess({
  name: 'specimen',
  zh: '样机',

  states: {
    received: { zh: '已收', kind: 'active', next: 'inspect', owed_by: 'team',
      edits: ['title', 'note', 'promised_at', 'pieces', 'phone'] },
    inspected: { zh: '已检', kind: 'active', next: 'repair', owed_by: 'bench_engineer', edits: ['title'] },
    quoted: { zh: '待客户答复', kind: 'waiting', next: 'accept', owed_by: 'customer' },
    repairing: { zh: '维修中', kind: 'active', next: 'finish', owed_by: 'owner', edits: ['title', 'pieces'] },
    testing: { zh: '试机中', kind: 'active', next: 'release', owed_by: 'handler' },
    finished: { zh: '已完工', kind: 'done' },
    declined: { zh: '客户不修', kind: 'done' },
    scrapped: { zh: '已报废', kind: 'void' },
    shelved: { zh: '搁置', kind: 'waiting', retired: true },
  },

  guards: {
    no_parts_outstanding: { zh: '还有配件没有到齐', test: (f: SpecimenFacts) => f.parts_outstanding === 0,
      rule: ['X-001'] },
    below_limit: { zh: '费用超出限额', test: (f: SpecimenFacts) => f.cost_fen <= 50_000,
      or: { reason: true, by: ['supervisor', 'manager'] }, rule: ['X-002'] },
    in_stock: { zh: '库里没有配件', test: (f: SpecimenFacts) => f.stock > 0 },
    tested_long_enough: { zh: '试机还不到规定时间', test: (f: SpecimenFacts) => f.clocks.soak?.reached !== false,
      or: { reason: true, by: ['supervisor'] } },
    not_own_scrap: { zh: '报废不能由责任人自己决定', test: (f: SpecimenFacts) => !f.actor.is_owner, rule: ['X-014'] },
    is_charged: { zh: '收费', test: (f: SpecimenFacts) => f.input.charged === true && !f.is_gift },
    is_free: { zh: '免费', test: (f: SpecimenFacts) => f.is_gift },
    has_promise: { zh: '承诺了时间', test: (f: SpecimenFacts) => f.has_promise },
    wants_task: { zh: '要另开待办', test: (f: SpecimenFacts) => f.input.follow_up !== undefined },
    children_done: { zh: '还有未完成的待办', test: (f: SpecimenFacts) => f.open_children === 0,
      or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
    is_urgent: { zh: '加急', test: (f: SpecimenFacts) => f.input.urgent === true },
  },

  actions: {
    receive: { zh: '收机', from: null, to: 'received', by: ['coordinator', 'hotline', 'system'], needs: intake,
      writes: 'receive', then: [{ print: 'receipt' }, { send: 'task_assigned', to: 'team' }] },

    inspect: { zh: '检测', from: 'received', by: ['bench_engineer', 'lead_engineer'],
      to: [{ when: 'is_free', state: 'repairing' }, { when: 'is_charged', state: 'quoted' }, { state: 'inspected' }],
      needs: {
        finding: { kind: 'long_text', zh: '检测结论', required: true, min: 2, rule: ['X-003'] },
        charged: { kind: 'flag', zh: '收费' },
        price_fen: { kind: 'fen', zh: '报价', required: 'is_charged', min: 1, max: 10_000_000, rule: ['X-004'],
          seen_by: ['customer', 'coordinator', 'supervisor', 'manager', 'bench_engineer', 'lead_engineer'] },
        outside: { kind: 'checklist', zh: '外观检查', required: true, items: [
          { id: 'screen', zh: '屏幕', required: true, photo: true, rule: ['X-005'] },
          { id: 'hinge', zh: '转轴', required: true },
          { id: 'sticker', zh: '标贴' }] },
        spent_minutes: { kind: 'minutes', zh: '检测用时', max: 600 },
      } },

    quote: { zh: '报价', from: ['inspected', 'repairing'], to: 'quoted', by: ['coordinator', 'supervisor'],
      needs: { price_fen: { kind: 'fen', zh: '报价', required: true, min: 1, max: 10_000_000,
        seen_by: ['customer', 'coordinator', 'supervisor', 'manager', 'bench_engineer', 'lead_engineer'] } },
      then: [{ send: 'task_assigned', to: 'customer' }] },

    accept: { zh: '同意报价', from: 'quoted', to: 'repairing', by: ['customer', 'coordinator'],
      needs: { signature: { kind: 'signature', zh: '签名' } } },
    decline: { zh: '不修', from: 'quoted', to: 'declined', by: ['customer', 'coordinator'], needs: { reason },
      rule: ['X-012'] },

    repair: { zh: '开修', from: 'inspected', to: 'repairing', by: ['bench_engineer'], writes: 'take' },

    order_part: { zh: '领料', from: 'repairing', by: ['bench_engineer', 'storekeeper'], when: ['in_stock'],
      writes: 'order_part', needs: { amount: { kind: 'quantity', zh: '数量', required: true, min: 1, max: 3000 } } },
    part_arrives: { zh: '配件到', from: 'repairing', by: ['storekeeper', 'system'], writes: 'part_arrives' },
    restock: { zh: '补货', from: 'any', by: ['storekeeper'], writes: 'restock' },

    finish: { zh: '完工', from: 'repairing', to: 'testing', by: ['bench_engineer', 'supervisor'],
      when: ['no_parts_outstanding', 'below_limit'], needs: { note, urgent: { kind: 'flag', zh: '加急' } },
      then: [{ tell: 'self', action: 'remind', when: 'is_urgent' }, { print: 'receipt', when: 'is_urgent' },
        { send: 'task_late', to: 'owner', when: 'is_urgent' }] },

    release: { zh: '试机合格', from: 'testing', to: 'finished', by: ['bench_engineer', 'supervisor'],
      when: ['tested_long_enough', 'children_done'], rule: ['X-009', 'X-013'],
      needs: { follow_up: { kind: 'text', zh: '后续待办', max: 120 } },
      then: [
        { send: 'task_done', to: 'customer' },
        { open: 'task', fill: { title: { input: 'follow_up' }, handler: { record: 'owner' } }, when: 'wants_task' },
        { tell: 'parent', action: 'child_done' },
      ] },

    back_to_bench: { zh: '返修', from: ['testing', 'finished'], to: 'repairing', by: ['supervisor'], needs: { reason } },
    remind: { zh: '提醒', from: 'any', by: ['system', 'coordinator'], then: [{ send: 'task_late', to: 'owner' }] },
    remark: { zh: '记一笔', from: 'any', by: staff, needs: { note, photos } },
    scrap: { zh: '报废', from: ['received', 'inspected', 'repairing'], to: 'scrapped', by: ['supervisor'],
      when: ['not_own_scrap'], needs: { reason }, rule: ['X-011'] },
    shelve: { zh: '搁置', from: 'received', to: 'shelved', by: ['coordinator'], retired: true },
  },

  clocks: {
    look: { zh: '检测时限', runs_in: ['received'], due: { minutes: 'specimen.look_minutes' }, calendar: 'office',
      warn: [{ key: 'half', share: 0.5 }, { key: 'soon', before_minutes: 'specimen.warn_minutes' }], then: 'remind',
      kind: 'limit', rule: ['X-006'] },
    whole: { zh: '维修周期', runs_in: ['received', 'inspected', 'repairing', 'testing'], stops_on: ['release'],
      due: { working_days: 'specimen.whole_days' }, calendar: 'office', warn: [{ key: 'late', share: 0.8 }],
      kind: 'limit' },
    promise: { zh: '承诺时间', runs_in: ['received', 'inspected', 'repairing'], when: 'has_promise',
      due: { at: 'promised_at' }, calendar: 'always', kind: 'limit' },
    answer: { zh: '答复期限', runs_in: ['quoted'], due: { end_of_day: 1 }, calendar: 'office', then: 'remind',
      kind: 'limit' },
    soak: { zh: '试机时间', runs_in: ['testing'], due: { minutes: 'specimen.soak_minutes' }, calendar: 'always',
      kind: 'minimum', rule: ['X-007'] },
  },

  documents: { receipt: { zh: '收条', template: 'task-slip', rule: ['X-008'] } },
})

/** The processes and profiles of the tests, stripped of a rule when a mutation run asks for it. */
export const specimenProcesses = strippedForTest({ specimen })

const specimenProfile: Profile = {
  ...base,
  key: 'x',
  zh: '样机制度',
  rules: xRules,
  limits: { ...base.limits, 'specimen.look_minutes': 150, 'specimen.warn_minutes': 30, 'specimen.whole_days': 3,
    'specimen.soak_minutes': 60 },
  positions: { lead: { zh: '主管', roles: ['supervisor', 'administrator'] } },
  schedules: {
    count: { zh: '每日清点样机', process: 'specimen', action: 'receive', at: { time: '17:30', calendar: 'office' },
      input: { title: '每日清点', channel: 'visit', greeted: true }, rule: ['X-010'] },
  },
}

export const specimenProfiles: Readonly<Record<string, Profile>> = strippedForTest({ x: specimenProfile })
