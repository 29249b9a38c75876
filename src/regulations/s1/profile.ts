import { base } from '../base.ts'
import type { Profile } from '../profile.ts'
import { s1 } from './rules.ts'

/** 系统集成商：合同、服务要求单、验货、安装、突发响应、例检、培训与周报。 */
export const s1Profile: Profile = {
  ...base,
  key: 's1',
  zh: '集成商技术服务规范',
  rules: s1,
  // When a project is so large that somebody has to lead it: all three, and complex.
  limits: { ...base.limits, 'project.days': 10, 'project.departments': 3, 'project.products': 2 },
  // The processes of a repair shop are not theirs.
  processes: { ...base.processes, service_plan: {}, batch: { on: false }, seal_case: { on: false },
    // Distribution and warranty are the two lines of today; parts as a service of their own are not sold yet.
    contract: { close: { 'services.service_class': { options: ['spare_parts'], rule: ['S1-011'] } } },
    visit_plan: { on: false }, care_visit: { on: false }, publication: { on: false },
    repair_order: { on: false }, quotation: { on: false },
    order_review: { on: false }, call_back: { on: false }, incident: { on: false }, loan: { on: false }, loaner: { on: false } },
  positions: {
    director: { zh: '总经理', roles: ['manager', 'administrator'] },
    technical_manager: { zh: '技术经理', roles: ['supervisor', 'dispatcher', 'administrator'] },
    project_manager: { zh: '项目经理', roles: ['coordinator', 'lead_engineer'] },
    engineer: { zh: '技术工程师', roles: ['field_engineer', 'hotline'] },
    sales: { zh: '销售人员', roles: ['salesperson'] },
    commerce: { zh: '商务人员', roles: ['purchaser', 'storekeeper'] },
  },
  schedules: {
    weekly_report: { zh: '每周五提交工作周报', process: 'task', action: 'create',
      at: { time: '14:00', weekday: 5, calendar: 'office' }, rule: ['S1-206'],
      input: { title: '提交本周工作周报', team: 'field_engineer' } },
  },
}
