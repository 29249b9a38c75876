import { base, officeCalendar } from '../base.ts'
import type { Profile } from '../profile.ts'
import { s4 } from './rules.ts'
import { s4Cards } from './cards.ts'
import { s4Checklists } from './checklists.ts'
import { s4Texts } from './texts.ts'

/** 惠普维修中心：收机、检测、报价、备件、维修、取机、回访与督导。 */
export const s4Profile: Profile = {
  ...base,
  key: 's4',
  zh: '维修中心服务规范',
  limits: { ...base.limits,
    'visit.wait_minutes': 5,
    'repair.visits': 2, 'repair.batch_count': 3, 'repair.batch_days': 30,
    'repair.counter_minutes': 10, 'repair.answer_minutes': 240, 'repair.quote_minutes': 30,
    'repair.dispatch_minutes': 15, 'repair.repair_days': 3, 'repair.bench_minutes': 480,
    'repair.locate_minutes': 10_080, 'repair.peer_minutes': 480, 'repair.promise_warn_minutes': 240,
    'repair.tell_ready_minutes': 600, 'repair.promise_days': 3, 'repair.tell_special_minutes': 240,
    'repair.follow_peer_days': 1, 'repair.rework_minutes': 600, 'repair.uncollected_minutes': 43_200,
    'repair.call_again_days': 1, 'repair.untested_days': 2, 'repair.part_orders': 2,
    'repair.tries_before_supervisor': 3, 'quotation.receipt_minutes': 15, 'quotation.answer_days': 1,
    'quotation.discount_thousandths': 100, 'quotation.tax_thousandths': 60, 'quotation.review_minutes': 30,
    'quotation.reply_minutes': 60, 'quotation.chase_minutes': 240, 'quotation.reminders_before_supervisor': 3,
    'incident.decide_minutes': 240, 'incident.tell_minutes': 240, 'incident.supervisor_fen': 50_000,
    'complaint.answer_minutes': 480,
    'parts.costly_fen': 50_000, 'parts.consent_free_fen': 5_000, 'parts.consent_minutes': 60,
    'parts.issue_minutes': 30, 'parts.tell_customer_minutes': 60, 'parts.order_minutes': 14_400,
    'parts.buy_minutes': 240, 'parts.check_minutes': 120, 'parts.eta_warn_minutes': 480 },
  texts: { ...base.texts, ...s4Texts },
  calendars: { ...base.calendars, office: officeCalendar('营业时间', [['08:00', '18:00']], [1, 2, 3, 4, 5, 6, 7]),
    working_days: officeCalendar('工作日', [['08:00', '18:00']]) },
  cards: s4Cards,
  checklists: s4Checklists,
  rules: s4,
  // Seeing to customers without a fault, and the archive by contract, are not theirs.
  processes: { ...base.processes, visit: {}, fault_watch: {}, batch: { on: false }, seal_case: { on: false },
    machine: { close: { product_kind: { options: ['storage', 'network', 'instrument', 'reagent', 'seal', 'software'] } } },
    visit_plan: { on: false }, care_visit: { on: false }, opinion: { on: false },
    publication: { on: false }, document: { on: false } },
  positions: {
    manager: { zh: '经理', roles: ['manager', 'administrator'] },
    supervisor: { zh: '技术工程部主管', roles: ['supervisor', 'administrator'] },
    coordinator: { zh: '协调员', roles: ['coordinator', 'dispatcher', 'hotline'] },
    lead_engineer: { zh: '主管工程师', roles: ['lead_engineer', 'bench_engineer'] },
    engineer: { zh: '维修工程师', roles: ['bench_engineer', 'field_engineer'] },
    storekeeper: { zh: '库房管理员', roles: ['storekeeper'] },
    sales: { zh: '销售', roles: ['salesperson'] },
    cashier: { zh: '财务', roles: ['finance'] },
  },
  schedules: {
    fault_watch: { zh: '每天排查同型号故障', process: 'fault_watch', action: 'scan', rule: ['S4-219'],
      at: { time: '08:30', calendar: 'office' }, input: {} },
    call_back_list: { zh: '每周五整理回访名单', process: 'task', action: 'create',
      at: { time: '09:00', weekday: 5, calendar: 'office' },
      input: { title: '整理本周维修回访名单', team: 'coordinator' } },
    close_out_round: { zh: '每天清点「等待结单」夹', process: 'task', action: 'create', rule: ['S4-111'],
      at: { time: '15:00', calendar: 'office' },
      input: { title: '清点「等待结单」夹，逐一打电话通知取机', team: 'coordinator' } },
  },
}
