/**
 * 职能: what a person may do, in the code's own words. A company's positions (职务) are its own words; each position
 * grants some of these. Source: docs/glossary.md, decisions on companies and people.
 */
export const roles = {
  administrator: '系统管理员',
  manager: '经理',
  supervisor: '主管',
  coordinator: '协调员',
  hotline: '热线工程师',
  dispatcher: '派工员',
  field_engineer: '上门工程师',
  bench_engineer: '维修工程师',
  lead_engineer: '主管工程师',
  storekeeper: '库房管理员',
  purchaser: '商务人员',
  salesperson: '销售人员',
  presales: '售前工程师',
  presales_lead: '售前负责人',
  developer: '研发人员',
  quality: '质量督查员',
  finance: '财务人员',
  editor: '资料管理员',
} as const

export type Role = keyof typeof roles

/** Who may act: a role, the machine itself, or the customer through a private link. */
export type Doer = Role | 'system' | 'customer'

/** Every role of a member of the company: for actions that anybody at work may do. */
export const staff = Object.keys(roles) as readonly Role[]
