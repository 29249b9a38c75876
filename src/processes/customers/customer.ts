import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 客户 — an organisation or a person that we serve, with the people there (contacts). Its machines are records of their
 * own; a customer that turns out to be another one is merged into it.
 */
type Facts = BaseFacts & { is_contract: boolean; has_open_cases: boolean }

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

const contactFields = {
  contact_name: { kind: 'text', zh: '联系人', max: 60, personal: true },
  contact_phone: { kind: 'phone', zh: '联系人电话', personal: true },
} as const satisfies Record<string, Field>

const moreOfContact = {
  contact_phone_2: { kind: 'phone', zh: '另一电话', personal: true },
  contact_role: { kind: 'text', zh: '身份', max: 60, hint: '如：信息科、财务、门卫' },
  contact_online_id: { kind: 'text', zh: '联系人 QQ 或微信', max: 60, personal: true },
  contact_do_not_call: { kind: 'flag', zh: '请勿去电' },
  contact_note: { kind: 'text', zh: '联系人备注', max: 200, personal: true },
} as const satisfies Record<string, Field>

const contact: Field = { kind: 'text', zh: '哪一位联系人', required: true, max: 36 }

export const customer = defineProcess({
  name: 'customer',
  zh: '客户',

  states: {
    active: { zh: '往来中', kind: 'active', edits: ['name', 'short_name', 'phone', 'address', 'zone', 'online_id', 'fax',
      'email', 'industry', 'source', 'loyalty', 'remark'] },
    archived: { zh: '已归档', kind: 'done' },
    merged: { zh: '已并入', kind: 'void' },
  },

  guards: {
    no_other_way_to_reach: { zh: '没有别的联系方式', ...typed({ all: [{ input: 'contact_phone', given: false },
      { input: 'online_id', given: false }, { input: 'email', given: false }] }) },
    no_open_cases: { zh: '还有未办完的单据', test: (f: Facts) => !f.has_open_cases,
      or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
    is_contract: { zh: '不是合同客户', test: (f: Facts) => f.is_contract },
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
      industry: { kind: 'text', zh: '行业', max: 60 },
      settlement, contract,
      source: { kind: 'text', zh: '来源', max: 120, hint: '怎样知道我们；由谁介绍' },
      loyalty: { kind: 'choice', zh: '忠诚程度', rule: ['S4-038'],
        options: { satisfied: '满意', loyal: '忠诚', advocate: '口碑' } },
      owner: { kind: 'person', zh: '负责销售' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 },
      is_another: { kind: 'flag', zh: '确实是另一位客户', hint: '同名同电话的客户已经存在，仍要新增时勾选' } } },

    add_contact: { zh: '新增联系人', from: 'active', by: [...staff, 'system'], writes: 'add_contact', needs: {
      contact_name: { ...contactFields.contact_name, required: true }, contact_phone: contactFields.contact_phone,
      ...moreOfContact } },
    change_contact: { zh: '修改联系人', from: 'active', by: [...staff, 'system'], writes: 'change_contact', needs: {
      contact, contact_name: { ...contactFields.contact_name, required: true },
      contact_phone: contactFields.contact_phone, ...moreOfContact } },
    drop_contact: { zh: '停用联系人', from: 'active', by: staff, writes: 'drop_contact', needs: {
      contact, reason: { ...reason, required: undefined } } },

    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'], needs: { note: { ...note, required: true } } },

    set_settlement: { zh: '变更结算方式', from: 'active', rule: ['S4-172'],
      by: ['coordinator', 'salesperson', 'finance', 'supervisor', 'manager', 'administrator'],
      needs: { settlement: { ...settlement, required: true } } },
    set_contract: { zh: '登记合同客户', from: 'active', rule: ['S4-253'],
      by: ['coordinator', 'salesperson', 'supervisor', 'manager', 'administrator'],
      needs: { contract: { ...contract, required: true } } },
    assign_engineer: { zh: '指定责任工程师', from: 'active', when: ['is_contract'], rule: ['S4-254'],
      by: ['supervisor', 'manager'], needs: { engineer } },
    assign: { zh: '指定负责销售', from: 'active', by: ['salesperson', 'supervisor', 'manager', 'administrator'],
      needs: { owner: { kind: 'person', zh: '负责销售', required: true } } },

    archive: { zh: '归档', from: 'active', to: 'archived', by: [...desk, 'salesperson'], when: ['no_open_cases'],
      needs: { reason } },
    restore: { zh: '恢复往来', from: 'archived', to: 'active', by: [...desk, 'salesperson'] },
    merge_into: { zh: '并入另一客户', from: ['active', 'archived'], to: 'merged', by: desk, writes: 'merge', needs: {
      into: { kind: 'record', process: 'customer', zh: '并入', required: true,
        hint: '联系人、机器和未办完的单据转到那一位；历史单据留在这里' } } },
  },

  clocks: {},
  documents: {},
})
