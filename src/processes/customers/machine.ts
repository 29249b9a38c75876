import { typed } from '../../engine/ask.ts'
import { type BaseFacts, defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/**
 * 机器 — a product that stands at a customer's. What cannot be known may be said to be unknown: 无序列号, 看不清, 购买日期不详.
 * Warranty is computed whenever it is asked for (warranty.ts), never kept.
 */
type Facts = BaseFacts & { has_open_cases: boolean }

const desk = ['coordinator', 'hotline', 'dispatcher', 'supervisor', 'manager', 'administrator'] as const
const engineers = ['bench_engineer', 'field_engineer', 'lead_engineer'] as const

const customer: Field = { kind: 'record', process: 'customer', zh: '客户', required: true }
const reason: Field = { kind: 'text', zh: '原因', required: true }

export const machine = defineProcess({
  name: 'machine',
  zh: '机器',

  states: {
    in_use: { zh: '在用', kind: 'active', edits: ['brand', 'model', 'product_kind', 'product_number', 'serial_number',
      'serial_note', 'place', 'purchase_date', 'purchase_unknown', 'warranty_months', 'warranty_until', 'in_contract',
      'configuration', 'remark'] },
    retired: { zh: '已停用', kind: 'done' },
  },

  guards: {
    serial_not_explained: { zh: '没有说明为什么没有序列号', ...typed({ input: 'serial_note', given: false }) },
    purchase_date_expected: { zh: '没有说明购买日期不详', ...typed({ input: 'purchase_unknown', given: false }) },
    no_open_cases: { zh: '这台机器还有未办完的单据', test: (f: Facts) => !f.has_open_cases,
      or: { reason: true, by: ['supervisor', 'manager', 'administrator'] } },
  },

  actions: {
    register: { zh: '登记机器', from: null, to: 'in_use', by: [...staff, 'system'], writes: 'register', needs: {
      customer,
      product_kind: { kind: 'choice', zh: '产品类别', required: true,
        options: { pc: '台式电脑', notebook: '笔记本', server: '服务器', laser_printer: '激光打印机',
          inkjet_printer: '喷墨打印机', plotter: '绘图仪', scanner: '扫描仪', other: '其他' } },
      brand: { kind: 'text', zh: '品牌', max: 60 },
      model: { kind: 'text', zh: '型号', required: true, max: 120, hint: '看不清就写「不详」' },
      serial_number: { kind: 'text', zh: '序列号', max: 60, required: 'serial_not_explained' },
      serial_note: { kind: 'choice', zh: '序列号说明', options: { none: '无序列号', unreadable: '看不清' } },
      product_number: { kind: 'text', zh: '产品号', max: 60 },
      purchase_date: { kind: 'date', zh: '购买日期', required: 'purchase_date_expected', rule: ['S4-077'] },
      purchase_unknown: { kind: 'flag', zh: '购买日期不详' },
      warranty_months: { kind: 'integer', zh: '保修月数', max: 240, hint: '不填则按产品类别的规定' },
      warranty_until: { kind: 'date', zh: '保修截止日', hint: '厂家确认的截止日，优先于推算' },
      place: { kind: 'text', zh: '放置地点', hint: '楼层、科室、使用人' },
      in_contract: { kind: 'flag', zh: '在合同内' },
      configuration: { kind: 'long_text', zh: '配置', max: 2000, hint: '处理器、内存、硬盘等；看不清就写「不详」' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 } } },

    move: { zh: '转给另一客户', from: 'in_use', by: [...desk, ...engineers, 'salesperson', 'system'], writes: 'move',
      needs: { customer, place: { kind: 'text', zh: '放置地点' }, reason: { ...reason, required: undefined } } },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true }, photos: { kind: 'files', zh: '照片' } } },
    retire: { zh: '停用', from: 'in_use', to: 'retired', by: [...desk, ...engineers, 'salesperson'],
      when: ['no_open_cases'], needs: { reason } },
    restore: { zh: '恢复使用', from: 'retired', to: 'in_use', by: [...desk, ...engineers, 'salesperson'] },
  },

  clocks: {},
  documents: {},
})
