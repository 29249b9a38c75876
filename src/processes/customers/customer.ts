import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 客户 — an organisation or a person that we serve, with the people there (contacts). Its machines are records of their
 * own; a customer that turns out to be another one is merged into it.
 */
type Facts = BaseFacts & { is_contract: boolean; has_open_cases: boolean; is_silent: boolean }

const desk = ['coordinator', 'hotline', 'dispatcher', 'supervisor', 'manager', 'administrator'] as const

const name: Field = { kind: 'text', zh: '名称', required: true, max: 120, personal: true,
  hint: '单位全称；个人填姓名' }
const phone: Field<'no_other_way_to_reach'> = { kind: 'phone', zh: '电话', personal: true,
  required: 'no_other_way_to_reach' }
const online_id: Field = { kind: 'text', zh: 'QQ 或微信', max: 60, personal: true, rule: ['S4-074'] }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const note: Field = { kind: 'long_text', zh: '备忘', max: 1000 }
const settlement: Field = { kind: 'choice', zh: '结算方式', options: { cash: '散客现结', monthly: '月结' },
  rule: ['S4-172'] }
const contract: Field = { kind: 'flag', zh: '合同客户', rule: ['S4-253'] }
const engineer: Field = { kind: 'person', zh: '责任工程师', required: true, rule: ['S4-254'] }

const grade: Field = { kind: 'choice', zh: '客户等级', rule: ['S3-006', 'S3-011'],
  options: { ordinary: '普通', important: '重要', key: '重点' } }
const how: Field = { kind: 'long_text', zh: '怎样挽回的', required: true, max: 1000 }

const contactFields = {
  contact_name: { kind: 'text', zh: '联系人', max: 60, personal: true },
  contact_phone: { kind: 'phone', zh: '联系人电话', personal: true },
} as const satisfies Record<string, Field>

const moreOfContact = {
  contact_phone_2: { kind: 'phone', zh: '另一电话', personal: true },
  contact_phone_3: { kind: 'phone', zh: '第三个电话', personal: true },
  contact_role: { kind: 'text', zh: '身份', max: 60, hint: '如：信息科、财务、门卫' },
  contact_online_id: { kind: 'text', zh: '联系人 QQ 或微信', max: 60, personal: true },
  contact_email: { kind: 'email', zh: '联系人邮箱', personal: true },
  contact_do_not_call: { kind: 'flag', zh: '请勿去电' },
  contact_note: { kind: 'text', zh: '联系人备注', max: 200, personal: true },
} as const satisfies Record<string, Field>

const contact: Field = { kind: 'text', zh: '哪一位联系人', required: true, max: 36 }

/** States in which a customer is dealt with. A lost one that calls is a customer like any other. */
const live = ['active', 'lost', 'regained'] as const
const edits = ['name', 'short_name', 'phone', 'address', 'zone', 'online_id', 'fax', 'email', 'industry', 'relation',
  'agent', 'tags', 'wishes', 'source', 'loyalty', 'remark'] as const

export const customer = defineProcess({
  name: 'customer',
  zh: '客户',

  states: {
    active: { zh: '往来中', kind: 'active', edits },
    lost: { zh: '已流失', kind: 'active', edits },
    regained: { zh: '已挽回', kind: 'active', edits },
    archived: { zh: '已归档', kind: 'done' },
    merged: { zh: '已并入', kind: 'void' },
  },

  guards: {
    no_other_way_to_reach: { zh: '没有别的联系方式', ...typed({ all: [{ input: 'contact_phone', given: false },
      { input: 'online_id', given: false }, { input: 'email', given: false }] }) },
    no_open_cases: { zh: '还有未办完的单据', test: (f: Facts) => !f.has_open_cases,
      or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
    is_contract: { zh: '不是合同客户', test: (f: Facts) => f.is_contract },
    is_silent: { zh: '很久没有往来', test: (f: Facts) => f.is_silent },
  },

  actions: {
    register: { zh: '新增客户', from: null, to: 'active', by: [...staff, 'system'], writes: 'register', needs: {
      customer_kind: { kind: 'choice', zh: '客户类别', required: true,
        options: { organisation: '单位', person: '个人' } },
      name, phone, ...contactFields,
      short_name: { kind: 'text', zh: '简称', max: 60, personal: true },
      address: { kind: 'text', zh: '地址', personal: true },
      zone: { kind: 'choice', zh: '地区', options: { city: '市内', other: '市外' } },
      online_id,
      fax: { kind: 'phone', zh: '传真', personal: true },
      email: { kind: 'email', zh: '邮箱', personal: true },
      industry: { kind: 'text', zh: '行业', max: 60, rule: ['S3-006'] },
      relation: { kind: 'choice', zh: '客户性质',
        options: { end_customer: '最终客户', integrator: '集成商', agent: '代理商' } },
      agent: { kind: 'record', process: 'customer', zh: '代理商', hint: '经哪一家代理商服务' },
      grade, settlement, contract,
      tags: { kind: 'text', zh: '标签', max: 120, hint: '用逗号分开' },
      wishes: { kind: 'long_text', zh: '需求', max: 2000, hint: '客户想要什么、打算做什么' },
      source: { kind: 'text', zh: '来源', max: 120, hint: '怎样知道我们；由谁介绍' },
      loyalty: { kind: 'choice', zh: '忠诚程度', rule: ['S4-038'],
        options: { satisfied: '满意', loyal: '忠诚', advocate: '口碑' } },
      owner: { kind: 'person', zh: '负责销售' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 },
      is_another: { kind: 'flag', zh: '确实是另一位客户', hint: '同名同电话的客户已经存在，仍要新增时勾选' } } },

    add_contact: { zh: '新增联系人', from: live, by: [...staff, 'system'], writes: 'add_contact', needs: {
      contact_name: { ...contactFields.contact_name, required: true }, contact_phone: contactFields.contact_phone,
      ...moreOfContact } },
    change_contact: { zh: '修改联系人', from: live, by: [...staff, 'system'], writes: 'change_contact', needs: {
      contact, contact_name: { ...contactFields.contact_name, required: true },
      contact_phone: contactFields.contact_phone, ...moreOfContact } },
    drop_contact: { zh: '停用联系人', from: live, by: staff, writes: 'drop_contact', needs: {
      contact, reason: { ...reason, required: undefined } } },
    erase_contact: { zh: '抹去联系人的个人信息', from: [...live, 'archived'], by: ['administrator'],
      writes: 'erase_contact', needs: { contact, reason } },

    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'], needs: { note: { ...note, required: true } } },

    confirm_file: { zh: '核对档案', from: live, by: staff, writes: 'confirm', rule: ['S3-006', 'S0-044'],
      needs: { checked: { kind: 'confirm', zh: '名称、地址、联系人、电话、设备都核对过', required: true } } },
    set_grade: { zh: '评定客户等级', from: live, rule: ['S3-011'],
      by: ['coordinator', 'salesperson', 'supervisor', 'manager'], needs: { grade: { ...grade, required: true } } },

    set_settlement: { zh: '变更结算方式', from: live, rule: ['S4-172'],
      by: ['coordinator', 'salesperson', 'finance', 'supervisor', 'manager', 'administrator'],
      needs: { settlement: { ...settlement, required: true } } },
    set_contract: { zh: '登记合同客户', from: live, rule: ['S4-253'],
      by: ['coordinator', 'salesperson', 'supervisor', 'manager', 'administrator'],
      needs: { contract: { ...contract, required: true } } },
    assign_engineer: { zh: '指定责任工程师', from: live, when: ['is_contract'], rule: ['S4-254'],
      by: ['supervisor', 'manager'], needs: { engineer } },
    assign: { zh: '指定负责销售', from: live, by: ['salesperson', 'supervisor', 'manager', 'administrator'],
      needs: { owner: { kind: 'person', zh: '负责销售', required: true } } },

    review_contact: { zh: '看有没有往来', from: ['active', 'regained'], by: ['system'], writes: 'review_contact',
      to: [{ when: 'is_silent', state: 'lost' }, { state: 'active' }], rule: ['S3-023'],
      then: [{ open: 'task', when: 'is_silent', fill: { title: { words: 'task.win_back' },
        team: { value: 'salesperson' } } }] },
    mark_lost: { zh: '记为流失', from: ['active', 'regained'], to: 'lost', by: [...desk, 'salesperson'],
      needs: { reason }, rule: ['S3-023'], then: [{ open: 'task', fill: { title: { words: 'task.win_back' },
        team: { value: 'salesperson' } } }] },
    win_back: { zh: '挽回', from: 'lost', to: 'regained', by: [...desk, 'salesperson', 'field_engineer'],
      writes: 'win_back', needs: { how }, rule: ['S3-023'] },
    settle: { zh: '恢复为现有客户', from: 'regained', to: 'active', by: ['system', ...desk] },

    archive: { zh: '归档', from: live, to: 'archived', by: [...desk, 'salesperson'], when: ['no_open_cases'],
      needs: { reason } },
    restore: { zh: '恢复往来', from: 'archived', to: 'active', by: [...desk, 'salesperson'] },
    merge_into: { zh: '并入另一客户', from: [...live, 'archived'], to: 'merged', by: desk, writes: 'merge', needs: {
      into: { kind: 'record', process: 'customer', zh: '并入', required: true,
        hint: '联系人、机器和未办完的单据转到那一位；历史单据留在这里' } } },
  },

  clocks: {
    confirm: { zh: '档案核对期限', runs_in: live, due: { at: 'confirm_by_at' }, calendar: 'always', kind: 'limit',
      rule: ['S3-006'] },
    silence: { zh: '没有往来的期限', runs_in: ['active', 'regained'], due: { at: 'silent_at' }, calendar: 'always',
      then: 'review_contact', kind: 'limit', rule: ['S3-023'] },
    settling: { zh: '挽回后的观察期', runs_in: ['regained'], due: { at: 'settled_at' }, calendar: 'always',
      then: 'settle', kind: 'minimum' },
  },
  documents: {},
})
