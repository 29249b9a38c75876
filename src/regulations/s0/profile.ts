import { base } from '../base.ts'
import type { Profile } from '../profile.ts'
import { s0 } from './rules.ts'

/** 法医 DNA 试剂生产企业：热线、实验室上门、疑难升级、退换与投诉。 */
export const s0Profile: Profile = {
  ...base,
  key: 's0',
  zh: '试剂企业服务制度',
  limits: { ...base.limits, 'customer.confirm_months': 12 },
  rules: s0,
  // The processes of a repair shop and of a parts store are not theirs.
  processes: { ...base.processes, contract: { on: false }, seal_case: { on: false },
    machine: { close: { product_kind: { options: ['laser_printer', 'inkjet_printer', 'plotter', 'scanner', 'storage',
      'network', 'seal'] } }, extra: { x_kit_size: { kind: 'text', zh: '规格', max: 40, hint: '如：200 人份', on: ['register'],
      asked_if: 'is_reagent', indexed: true } } }, document: { on: false },
    repair_order: { on: false }, quotation: { on: false },
    order_review: { on: false }, call_back: { on: false }, incident: { on: false }, loan: { on: false }, loaner: { on: false },
    part_request: { on: false }, purchase: { on: false }, stock_count: { on: false }, part: { on: false } },
  positions: {
    general_manager: { zh: '总经理', roles: ['manager', 'administrator'] },
    service_lead: { zh: '技术服务部经理', roles: ['supervisor', 'dispatcher', 'administrator'] },
    hotline_engineer: { zh: '热线工程师', roles: ['hotline', 'coordinator'] },
    service_engineer: { zh: '技术服务工程师', roles: ['field_engineer'] },
    developer: { zh: '研发工程师', roles: ['developer'] },
    quality_inspector: { zh: '质量督查员', roles: ['quality'] },
    sales: { zh: '销售代表', roles: ['salesperson'] },
    logistics: { zh: '物流专员', roles: ['storekeeper', 'purchaser'] },
  },
  schedules: {
    weekly_review: { zh: '每周五检查未结来电', process: 'task', action: 'create',
      at: { time: '15:00', weekday: 5, calendar: 'office' },
      input: { title: '检查本周未结的来电与上门单', team: 'supervisor' } },
  },
}
