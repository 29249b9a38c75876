import { defineProcess } from '../../engine/define.ts'
import type { Field } from '../../engine/fields.ts'
import { staff } from '../../engine/roles.ts'

/** 地点 — one of the places at which a customer is served: a building, a laboratory, a branch. */
const desk = ['coordinator', 'hotline', 'dispatcher', 'supervisor', 'manager', 'administrator'] as const
const outside = ['field_engineer', 'lead_engineer', 'salesperson'] as const

const customer: Field = { kind: 'record', process: 'customer', zh: '客户', required: true }
const coordinates: Field = { kind: 'text', zh: '坐标', max: 60, hint: '从地图上复制，如 113.3245, 23.1067' }

export const site = defineProcess({
  name: 'site',
  zh: '地点',

  states: {
    in_use: { zh: '在用', kind: 'active', edits: ['name', 'address', 'zone', 'coordinates', 'person', 'phone', 'entry',
      'remark'] },
    closed: { zh: '已停用', kind: 'done' },
  },

  guards: {},

  actions: {
    register: { zh: '新增地点', from: null, to: 'in_use', by: [...staff, 'system'], writes: 'register', needs: {
      customer,
      name: { kind: 'text', zh: '地点名称', required: true, max: 120, hint: '如：总部、二期厂房、检验楼' },
      address: { kind: 'text', zh: '地址', personal: true },
      zone: { kind: 'choice', zh: '地区', options: { city: '市内', other: '市外' } },
      coordinates,
      person: { kind: 'text', zh: '现场找谁', max: 60, personal: true },
      phone: { kind: 'phone', zh: '现场电话', personal: true },
      entry: { kind: 'text', zh: '怎样进门', hint: '登记、停车、换证、联系门卫' },
      remark: { kind: 'long_text', zh: '备注', max: 2000 } } },
    note: { zh: '记一笔', from: 'any', by: [...staff, 'system'],
      needs: { note: { kind: 'long_text', zh: '备忘', max: 1000, required: true }, photos: { kind: 'files', zh: '照片' } } },
    close: { zh: '停用', from: 'in_use', to: 'closed', by: [...desk, ...outside],
      needs: { reason: { kind: 'text', zh: '原因' } } },
    reopen: { zh: '恢复使用', from: 'closed', to: 'in_use', by: [...desk, ...outside] },
  },

  clocks: {},
  documents: {},
})
