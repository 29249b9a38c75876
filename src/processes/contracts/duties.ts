import type { Field } from '../../engine/fields.ts'

/** 职责分工: which department leads a step of a contract and which assist, as the regulation has it. Source: S1-018, A1. */

export const steps = { need: '客户需求', analysis: '销售分析', design: '方案设计', signing: '合同签订', ordering: '商务下单',
  implementation: '合同实施', acceptance: '项目验收', collection: '合同收款', warranty: '保修维护' } as const
export type Step = keyof typeof steps

export const departments = ['sales', 'tech', 'commerce'] as const
export type Department = (typeof departments)[number]
export type Part = 'lead' | 'assist'
export type Duty = { step: Step } & Partial<Record<Department, Part>>

/** Who of a department is told and gets its to-dos. */
export const rolesOf = { sales: 'salesperson', tech: 'supervisor', commerce: 'purchaser' } as const satisfies
  Record<Department, string>

/** What holds where a contract says nothing of its own. */
export const usualDuties: readonly Duty[] = [
  { step: 'need', sales: 'lead', tech: 'assist' }, { step: 'analysis', sales: 'lead', tech: 'assist' },
  { step: 'design', tech: 'lead', sales: 'assist', commerce: 'assist' },
  { step: 'signing', sales: 'lead', commerce: 'assist' }, { step: 'ordering', commerce: 'lead', sales: 'assist' },
  { step: 'implementation', tech: 'lead', sales: 'assist' }, { step: 'acceptance', tech: 'lead', sales: 'assist' },
  { step: 'collection', sales: 'lead', commerce: 'assist' }, { step: 'warranty', tech: 'lead', sales: 'assist' },
]

/** The table of a contract: its own rows, and the usual ones for the steps that it does not name. */
export function dutiesOf(own: unknown): readonly Duty[] {
  const rows = Array.isArray(own) ? own as Duty[] : []
  return usualDuties.map((usual) => rows.find(({ step }) => step === usual.step) ?? usual)
}

export const leadOf = (duty: Duty): Department => departments.find((one) => duty[one] === 'lead') ?? 'sales'

const parts = { lead: '全面负责', assist: '协助' }

export const duties: Field = { kind: 'lines', zh: '职责分工', required: true, max: 9, rule: ['S1-018'],
  hint: '只写与制度不同的步骤；每一步有一个部门全面负责', columns: {
    step: { kind: 'choice', zh: '步骤', required: true, options: steps },
    sales: { kind: 'choice', zh: '销售部门', options: parts },
    tech: { kind: 'choice', zh: '技术部门', options: parts },
    commerce: { kind: 'choice', zh: '商务部门', options: parts } } }
