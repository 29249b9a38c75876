import type { Agreed, AgreedFigure } from '../../engine/define.ts'
import { serviceClasses } from '../../processes/contracts/contract-fields.ts'
import { type Clause, type Entitlement, charges } from '../../processes/contracts/entitlement.ts'
import type { Warranty } from '../../processes/customers/warranty.ts'
import type { Words } from '../../words/index.ts'
import type { WordKey } from '../../words/zh.ts'
import type { CoverView, EntitlementView, WarrantyView } from '../views-contracts.ts'

/** Warranty and contract in words: one line for whoever has the telephone at the ear, one sentence that says why. */

export function warrantyView(words: Words, warranty: Warranty): WarrantyView {
  return { ...warranty, line: warrantyLine(words, warranty), sentence: warrantySentence(words, warranty) }
}

const missing = (words: Words, why: Warranty['why']): string => words.say(`warranty.${why}` as WordKey)

function warrantyLine(words: Words, { state, until, why }: Warranty): string {
  if (why === 'no_warranty') return words.say('warranty.none')
  if (state === 'unknown') return words.say('warranty.unknown', { why: missing(words, why) })
  return words.say(state === 'in' ? 'warranty.in' : 'warranty.out', { until })
}

/** Which rule, which day, until when. */
function warrantySentence(words: Words, { why, from, date, months, until, state }: Warranty): string {
  if (why === 'no_warranty') return words.say('warranty.why.none')
  if (why === 'given') return words.say('warranty.why.given', { until })
  if (why === 'extension') return words.say('warranty.why.extension', { until })
  if (state === 'unknown' || from === null) return words.say('warranty.why.unknown', { why: missing(words, why) })
  return words.say('warranty.why.rule', { from: words.say(`warranty.from.${from}` as WordKey), months: String(months),
    date, until })
}

/** «4 小时响应（全天候）» of open minutes. */
export function figureText(words: Words, figure: AgreedFigure, minutes: number, calendar: string): string {
  const time = minutes % 60 === 0 ? words.say('cover.hours', { count: String(minutes / 60) })
    : words.say('cover.minutes', { count: String(minutes) })
  const hours = calendar === 'office' || calendar === 'always' ? words.say(`cover.${calendar}`) : calendar
  return words.language === 'en' ? `${words.say(`cover.${figure}`, { time })} (${hours})`
    : `${words.say(`cover.${figure}`, { time })}（${hours}）`
}

/** The figures that a case took over, in one line. */
export const agreedLine = (words: Words, { number, figures }: Agreed): string => words.say('cover.basis', { number,
  line: Object.entries(figures).map(([figure, { minutes, calendar }]) =>
    figureText(words, figure as AgreedFigure, minutes, calendar)).join(words.say('cover.and')) })

const classLabel = (words: Words, name: Clause['service_class']): string =>
  words.label(`contract.option.services.service_class.${name}`, serviceClasses[name])

/** «本期上门第 3 次，共 4 次»: which one the next visit would be. A quota that is used up is said, and stops nobody. */
const visitsLine = (words: Words, { used, quota, left }: NonNullable<Entitlement['visits']>): string =>
  (left === 0 ? words.say('cover.visits_used', { quota: String(quota) })
    : words.say('cover.visits', { next: String(used + 1), quota: String(quota) }))

/** «合同 HT-8 至 2027-03-01 · 备件、人工免费 · 4 小时响应（全天候）». */
export function coverView(words: Words, { clauses, charging, figures, visits }: Entitlement): CoverView | null {
  const first = clauses[0]
  if (!first) return null
  const free = charges.filter((charge) => charging[charge].ground.by === 'clause')
  const response = figures.response
  const parts = [words.say('cover.in', { number: first.number, until: first.valid_until }),
    ...first.site === null ? [] : [words.say('cover.at_site', { site: first.site })],
    ...free.length > 0 ? [words.say('cover.free',
      { what: free.map((charge) => words.say(`cover.${charge}`)).join(words.say('cover.and')) })] : [],
    ...response ? [figureText(words, 'response', response.minutes, response.calendar)] : [],
    ...visits ? [visitsLine(words, visits)] : []]
  return { contract: first.contract, number: first.number, until: first.valid_until, line: parts.join(' · ') }
}

/** Warranty and contract in one line, with what the deciding clause says of scope and region. */
export function entitledLine(words: Words, answer: Entitlement): string {
  const { warranty, clauses } = answer
  const parts = [...warranty ? [warrantyLine(words, warranty)] : [], coverView(words, answer)?.line ?? words.say('cover.none'),
    clauses[0]?.scope ?? '', clauses[0]?.region ?? '']
  return parts.filter((part) => part !== '').join(' · ')
}

/** The whole answer for whoever unfolds it. */
export function entitlementView(words: Words, on: string, answer: Entitlement): EntitlementView {
  const { warranty, charging, figures, visits, clauses } = answer
  const cover = coverView(words, answer)
  const said = warranty && warrantyView(words, warranty)
  const ground = (of: Entitlement['charging'][keyof Entitlement['charging']]['ground']): string => {
    if (of.by === 'warranty') return words.say('cover.by_warranty')
    const clause = of.by === 'clause' ? clauses.find(({ id }) => id === of.clause) : undefined
    if (!clause) return words.say('cover.by_nothing')
    const said = words.say('cover.by_clause', { number: clause.number, class: classLabel(words, clause.service_class) })
    return clause.site === null ? said : words.say('cover.by_site', { clause: said, site: clause.site })
  }
  return {
    on, warranty: said, cover,
    line: [...said ? [said.line] : [], cover?.line ?? words.say('cover.none')].join(' · '),
    charging: charges.map((what) => ({ what, label: words.say(`cover.${what}`), is: charging[what].is,
      ground: ground(charging[what].ground) })),
    visits: visits && { quota: visits.quota, used: visits.used, left: visits.left },
    figures: (['response', 'arrival', 'restore'] as const).flatMap((figure) => {
      const found = figures[figure]
      return found ? [{ figure, minutes: found.minutes, calendar: found.calendar,
        text: figureText(words, figure, found.minutes, found.calendar) }] : []
    }),
    clauses: clauses.map(({ id, contract, number, service_class, valid_from, valid_until, scope, region, onsite, by,
      site }) => ({ id, contract, number, service_class, label: classLabel(words, service_class), valid_from,
      valid_until, scope, region, onsite, by, site })),
  }
}
