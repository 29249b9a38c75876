import { fail } from '../engine/fields.ts'
import type { FieldProblem } from '../engine/refusal.ts'

type Answer = { answer: string; note?: string }

/** Points of checklists that were answered with «not passed» and no word why: nobody can judge those (K25, K34). */
export function unexplained(input: Readonly<Record<string, unknown>>, fields: readonly string[]): FieldProblem[] {
  return fields.flatMap((field) => Object.entries((input[field] ?? {}) as Record<string, Answer>)
    .filter(([, { answer, note }]) => answer === 'fail' && note === undefined)
    .map(([item]) => fail(`${field}.${item}.note`, 'required')))
}
