import { base, officeCalendar } from '../base.ts'
import type { Profile } from '../profile.ts'
import { s3 } from './rules.ts'

/** 电子印章厂商：在线与远程支持、保修判定、走访与调查。 */
export const s3Profile: Profile = {
  ...base,
  key: 's3',
  zh: '电子印章企业客户服务制度',
  calendars: { ...base.calendars, office: officeCalendar('办公时间', [['09:00', '12:00'], ['13:00', '17:30']]) },
  limits: { ...base.limits, 'seal.check_days': 1, 'seal.make_days': 3, 'seal.remind_minutes': 10_080,
    'customer.confirm_months': 12, 'customer.lost_months': 12, 'customer.settle_months': 3 },
  rules: s3,
  // The processes of a repair shop and of a parts store are not theirs.
  processes: { ...base.processes, batch: { on: false },
    machine: { close: { product_kind: { options: ['laser_printer', 'inkjet_printer', 'plotter', 'scanner', 'instrument',
      'reagent', 'notebook', 'pc', 'storage', 'network'] } }, extra: {
      x_seal_name: { kind: 'text', zh: '印章名称', max: 80, hint: '如：单位公章、合同专用章', on: ['register'], asked_if: 'is_seal',
        indexed: true },
      x_certificate_until: { kind: 'date', zh: '证书有效期至', on: ['register'], asked_if: 'is_seal' } } },
    publication: { on: false }, document: { on: false },
    repair_order: { on: false }, quotation: { on: false },
    order_review: { on: false }, call_back: { on: false }, incident: { on: false }, loan: { on: false }, loaner: { on: false },
    part_request: { on: false }, purchase: { on: false }, stock_count: { on: false }, part: { on: false } },
  positions: {
    director: { zh: '总经理', roles: ['manager', 'administrator'] },
    service_manager: { zh: '客服经理', roles: ['supervisor', 'coordinator', 'administrator'] },
    online_support: { zh: '在线客服', roles: ['hotline'] },
    implementation: { zh: '实施工程师', roles: ['field_engineer'] },
    testing: { zh: '测试人员', roles: ['quality', 'developer'] },
    sales: { zh: '市场人员', roles: ['salesperson'] },
  },
}
