import type { Field } from '../../engine/fields.ts'
import { handler, opening } from './repair-order-fields.ts'
import { fault_class, not_repaired_because, repair_outcome } from './repair-outcome.ts'

/** A case that another system ended, told once: what is known of it, nothing made up. */
export const broughtIn = {
  customer: opening.customer, machine: opening.machine, symptom: opening.symptom,
  warranty: { ...opening.warranty, required: undefined },
  age_years: { kind: 'integer', zh: '机龄（年）', min: 0, max: 100 },
  fault_class,
  fault_found: { kind: 'long_text', zh: '查明的故障', max: 2000 },
  cause_class: { kind: 'choice', zh: '原因归类',
    options: { quality: '产品质量', use: '使用不当', wear: '自然损耗', consumable: '耗材', other: '其他' } },
  repair_outcome, not_repaired_because,
  work_done: { kind: 'long_text', zh: '处理方法', max: 2000 },
  handler,
} as const satisfies Record<string, Field>
