import type { FieldView } from '../../../server/views.ts'

/** How an answer to a point of a checklist is said: a step is done, a test is passed. */
export function answerWord(field: FieldView, answer: string) {
  const done = field.kind === 'checklist' && field.steps
  if (answer === 'not_applicable') return 'checklist.not_applicable'
  if (answer === 'pass') return done ? 'checklist.done' : 'checklist.pass'
  return done ? 'checklist.not_done' : 'checklist.fail'
}
