import type { FieldView } from '../../../server/views.ts'

/** How an answer to a point of a checklist is said: a step is done, a test is passed, a question is answered. */
export function answerWord(field: FieldView, answer: string) {
  const done = field.kind === 'checklist' && field.steps
  if (answer === 'not_applicable') return 'checklist.not_applicable'
  if (field.kind === 'checklist' && field.questions) return answer === 'pass' ? 'checklist.yes' : 'checklist.no'
  if (answer === 'pass') return done ? 'checklist.done' : 'checklist.pass'
  return done ? 'checklist.not_done' : 'checklist.fail'
}
