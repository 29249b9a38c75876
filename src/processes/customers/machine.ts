import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'
import { productKinds, warrantyStarts } from '../contracts/kinds.ts'

/**
 * 机器 — a product that stands at a customer's. What cannot be known may be said to be unknown: 无序列号, 看不清, 购买日期不详.
 * Warranty is computed whenever it is asked for (warranty.ts), never kept.
 */
type Facts = BaseFacts & { has_open_cases: boolean }

const desk = ['coordinator', 'hotline', 'dispatcher', 'supervisor', 'manager', 'administrator'] as const
const engineers = ['bench_engineer', 'field_engineer', 'lead_engineer'] as const

const customer: Field = { kind: 'record', process: 'customer', zh: '客户', required: true }
const reason: Field = { kind: 'text', zh: '原因', required: true }
const site: Field = { kind: 'record', process: 'site', zh: '所在地点', hint: '客户有几处地点时填；只覆盖指定地点的合同按它判断' }

export const machine = defineProcess({
  name: 'machine',
  zh: '机器',

  states: {
    in_use: { zh: '在用', kind: 'active', edits: ['product', 'brand', 'model', 'product_kind', 'product_number',
      'serial_number', 'serial_note', 'key_number', 'version', 'batch', 'place', 'purchase_date', 'purchase_unknown',
      'delivery_date', 'application_date', 'warranty_from', 'warranty_months', 'warranty_until', 'extended_until',
      'extension_number', 'paid_fen', 'in_contract', 'configuration', 'remark'] },
    retired: { zh: '已停用', kind: 'done' },
  },

  guards: {
    product_not_named: { zh: '没有选产品，要写型号', ...typed({ input: 'product', given: false }) },
    is_seal: { zh: '电子印章', ...typed({ input: 'product_kind', is: ['seal'] }) },
    is_reagent: { zh: '试剂盒', ...typed({ input: 'product_kind', is: ['reagent'] }) },
    is_software: { zh: '软件', ...typed({ input: 'product_kind', is: ['software'] }) },
    serial_not_explained: { zh: '没有说明为什么没有序列号', ...typed({ all: [{ input: 'serial_note', given: false },
      { input: 'batch', given: false }] }) },
    purchase_date_expected: { zh: '没有说明购买日期不详', ...typed({ all: [{ input: 'purchase_unknown', given: false },
      { input: 'application_date', given: false }, { input: 'delivery_date', given: false }] }) },
    no_open_cases: { zh: '这台机器还有未办完的单据', test: (f: Facts) => !f.has_open_cases,
      or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
  },

  actions: {
    register: { zh: '登记机器', from: null, to: 'in_use', by: [...staff, 'system'], writes: 'register', needs: {
      customer,
      product_kind: { kind: 'choice', zh: '产品类别', required: true, options: productKinds },
      product: { kind: 'record', process: 'product', zh: '产品', hint: '在产品目录里的，选了就不用写品牌和型号' },
      brand: { kind: 'text', zh: '品牌', max: 60 },
      model: { kind: 'text', zh: '型号', required: 'product_not_named', max: 120, hint: '看不清就写「不详」' },
      serial_number: { kind: 'text', zh: '序列号', max: 60, required: 'serial_not_explained' },
      serial_note: { kind: 'choice', zh: '序列号说明', options: { none: '无序列号', unreadable: '看不清' } },
      key_number: { kind: 'text', zh: 'KEY 编号', max: 60, asked_if: 'is_seal', hint: '电子印章的介质编号，可按它查找' },
      version: { kind: 'text', zh: '版本', max: 60, asked_if: 'is_software' },
      batch: { kind: 'record', process: 'batch', zh: '批次', asked_if: 'is_reagent', hint: '按批号管理的产品' },
      product_number: { kind: 'text', zh: '产品号', max: 60 },
      purchase_date: { kind: 'date', zh: '购买日期', required: 'purchase_date_expected', rule: ['S4-077'] },
      purchase_unknown: { kind: 'flag', zh: '购买日期不详' },
      delivery_date: { kind: 'date', zh: '交货日期' },
      application_date: { kind: 'date', zh: '申请日期', asked_if: 'is_seal', hint: '电子印章从这天起保修' },
      warranty_from: { kind: 'choice', zh: '保修起算', options: warrantyStarts, hint: '不填则按产品的规定' },
      warranty_months: { kind: 'integer', zh: '保修月数', max: 240, hint: '不填则按产品的规定' },
      warranty_until: { kind: 'date', zh: '保修截止日', hint: '厂家确认的截止日，优先于推算' },
      extended_until: { kind: 'date', zh: '厂商延保至' },
      extension_number: { kind: 'text', zh: '延保合同号', max: 80 },
      paid_fen: { kind: 'fen', zh: '申领时付款', asked_if: 'is_seal', hint: '过保更换的原价', seen_by: ['hotline', 'coordinator', 'salesperson',
        'finance', 'purchaser', 'supervisor', 'manager', 'administrator', 'field_engineer'] },
      site, place: { kind: 'text', zh: '放置地点', hint: '楼层、科室、使用人' },
      in_contract: { kind: 'flag', zh: '在合同内' },
      configuration: { kind: 'long_text', zh: '配置', max: 2000, hint: '处理器、内存、硬盘等；看不清就写「不详」' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 } } },

    move: { zh: '转给另一客户', from: 'in_use', by: [...desk, ...engineers, 'salesperson', 'system'], writes: 'move',
      needs: { customer, site, place: { kind: 'text', zh: '放置地点' }, reason: { ...reason, required: undefined } } },
    stand_at: { zh: '换地点', from: 'in_use', by: [...desk, ...engineers, 'salesperson', 'system'], writes: 'stand_at',
      needs: { site: { ...site, hint: '不填就是不在客户的任何一处地点' }, place: { kind: 'text', zh: '放置地点' },
        moved_on: { kind: 'date', zh: '搬迁日期', hint: '不填就是今天；以前没有记过地点的，不填就当一直在那里' } } },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true }, photos: { kind: 'files', zh: '照片' } } },
    fit_part: { zh: '换件', from: 'in_use', by: [...desk, ...engineers, 'storekeeper', 'system'], writes: 'fit_part',
      needs: {
        part_name: { kind: 'text', zh: '部件', required: true, max: 120 },
        part_number: { kind: 'text', zh: '部件号', max: 60 },
        part_serial: { kind: 'text', zh: '新件序列号', max: 60 },
        removed_serial: { kind: 'text', zh: '换下件序列号', max: 60, hint: '装机清单上的同名部件记为换下' },
        swapped_on: { kind: 'date', zh: '换件日期', hint: '不填就是今天' } } },
    key_replaced: { zh: '更换 KEY', from: 'any', by: ['system'], writes: 'key_replaced' },
    report: { zh: '扫码报修', from: 'in_use', by: [...desk, 'customer', 'system'], needs: {
      reported: { kind: 'long_text', zh: '出了什么问题', required: true, min: 2, max: 1000, seen_by: [...staff, 'customer'] },
      reporter_name: { kind: 'text', zh: '联系人', required: true, max: 60, personal: true,
        seen_by: [...staff, 'customer'] },
      reporter_phone: { kind: 'phone', zh: '电话', required: true, personal: true, seen_by: [...staff, 'customer'] } },
      then: [{ open: 'task', fill: { title: { words: 'task.machine_report' }, detail: { input: 'reported' },
        contact_name: { input: 'reporter_name' }, contact_phone: { input: 'reporter_phone' },
        machine: { record: 'id' }, customer: { record: 'customer' }, team: { value: 'coordinator' } } }] },
    print_label: { zh: '打印机器标签', from: 'any', by: staff, then: [{ print: 'machine_label' }] },
    retire: { zh: '停用', from: 'in_use', to: 'retired', by: [...desk, ...engineers, 'salesperson'],
      when: ['no_open_cases'], needs: { reason } },
    restore: { zh: '恢复使用', from: 'retired', to: 'in_use', by: [...desk, ...engineers, 'salesperson'] },
  },

  clocks: {},
  documents: { machine_label: { zh: '机器标签', template: 'machine-label' } },
})
