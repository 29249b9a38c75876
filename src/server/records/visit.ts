import type { Act, Noun } from './noun.ts'

const titleShown = 40
const purposes: Readonly<Record<string, string>> = { enquiry: '咨询', carry_in: '送修', pick_up: '取机', manager: '找经理' }

/** 来访 */
export const visit: Noun = {
  table: 'visit',
  columns: ['purpose', 'visitor_name', 'visitor_phone', 'matter', 'answer', 'question', 'told', 'promise', 'promise_at'],
  number: { prefix: 'LF', period: 'month', digits: 4 },
  search: ['visitor_name', 'visitor_phone', 'matter', 'answer'],
  derive: (_head, values) => ({ for_manager: values.purpose === 'manager',
    has_question: values.purpose === 'enquiry' && typeof values.answer !== 'string' }),
  writes: {
    /** The title says who came and what for: «张女士 · 咨询 · 硒鼓多少钱». Whoever received them owns it. */
    async arrive(ctx, _tx, act) {
      act.setHead('title', titleOf(act))
      act.setHead('owner', ctx.actor.id)
      act.setHead('team', 'coordinator')
      return null
    },
  },
}

function titleOf({ values }: Act): string {
  const matter = String(values.matter ?? '').split('\n')[0]!
  const short = [...matter].length > titleShown ? `${[...matter].slice(0, titleShown).join('')}…` : matter
  return [values.visitor_name, purposes[String(values.purpose)], short]
    .filter((part) => typeof part === 'string' && part !== '').join(' · ')
}
