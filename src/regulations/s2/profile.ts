import { base } from '../base.ts'
import type { Profile } from '../profile.ts'
import { s2 } from './rules.ts'

/** 软件厂商：售前立项、第一与第二责任人、沟通报告、内部投诉。 */
export const s2Profile: Profile = {
  ...base,
  key: 's2',
  zh: '软件企业售前管理制度',
  rules: s2,
  // The processes of a repair shop and of a parts store are not theirs.
  processes: { ...base.processes, batch: { on: false }, seal_case: { on: false },
    machine: { close: { product_kind: { options: ['laser_printer', 'inkjet_printer', 'plotter', 'scanner', 'instrument',
      'reagent', 'seal'] } }, extra: {
      x_licences: { kind: 'integer', zh: '授权数', max: 1_000_000, on: ['register'], asked_if: 'is_software' },
      x_deployed: { kind: 'choice', zh: '部署方式', on: ['register'], asked_if: 'is_software',
        options: { local: '客户机房', cloud: '云上', both: '混合' } } } },
    visit_plan: { on: false }, care_visit: { on: false }, publication: { on: false }, document: { on: false },
    repair_order: { on: false }, quotation: { on: false },
    order_review: { on: false }, call_back: { on: false }, incident: { on: false }, loan: { on: false }, loaner: { on: false },
    part_request: { on: false }, purchase: { on: false }, stock_count: { on: false }, part: { on: false } },
  positions: {
    director: { zh: '总经理', roles: ['manager', 'administrator'] },
    presales_director: { zh: '售前总监', roles: ['presales_lead', 'supervisor', 'administrator'] },
    presales_engineer: { zh: '售前工程师', roles: ['presales'] },
    account_owner: { zh: '销售经理', roles: ['salesperson', 'coordinator'] },
    developer: { zh: '研发工程师', roles: ['developer'] },
  },
  schedules: {
    tracking: { zh: '每周一更新项目跟踪表', process: 'task', action: 'create',
      at: { time: '09:00', weekday: 1, calendar: 'office' },
      input: { title: '更新项目跟踪表', team: 'presales' } },
  },
}
