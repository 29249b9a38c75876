import type { ActivitiesView } from '../../src/server/views.ts'
import type { Api, Driven, Refused } from './drive.ts'
import type { Mapping } from './mapping.ts'

/** What the server says of what it was told: every figure here is read from its reports, none is counted here. */
export type Reports = { activities: ActivitiesView; times: NonNullable<ActivitiesView['times']>[] }

async function read<T>(api: Api, path: string): Promise<T> {
  const { status, body } = await api('GET', path)
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
  return body as T
}

export async function readReports(api: Api, mapping: Mapping): Promise<Reports> {
  const path = `/api/reports/activities/${mapping.process}`
  const activities = await read<ActivitiesView>(api, path)
  const times: Reports['times'] = []
  for (const one of mapping.times ?? []) {
    const view = await read<ActivitiesView>(api, `${path}?times=${encodeURIComponent(one.join('|'))}`)
    if (view.times) times.push(view.times)
  }
  return { activities, times }
}

const hours = (ms: number | null): string => (ms === null ? '—' : `${(ms / 3_600_000).toFixed(4)} h`)
const shownMost = 20

/** Refusals that say the same, together. */
function alike(refused: readonly Refused[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { activity, phase, action, state, code, reason } of refused) {
    // The sentence of a wrong state names the moment: told once for each, it would say nothing.
    const line = `${activity} (${phase}) as ${action} in ${state ?? 'no state'}: ${code === 'wrong_state' ? code : reason}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)
}

export function printReports({ seconds, driven, reports }: { seconds: number; driven: Driven; reports: Reports }): void {
  const { activities: a } = reports
  const say = (line: string) => console.log(line)
  say(`told: ${driven.cases} cases, ${driven.events} events in ${driven.acts} acts, ${seconds.toFixed(1)} s`)
  say(`kept as notes because no step tells them: ${driven.untold}`)
  say(`refused by the process and kept as notes: ${driven.refused.length}; not kept: ${driven.lost.length}`)
  for (const [line, n] of alike([...driven.refused, ...driven.lost])) say(`  ${n} × ${line}`)
  say(`the server has: ${a.cases} cases, ${a.events} events, ${a.variants.all} variants, ${a.pairs.length} pairs`)
  say(`cycle: median ${hours(a.cycle.median_ms)}, mean ${hours(a.cycle.mean_ms)}, 9 of 10 within ${hours(a.cycle.p90_ms)}`)
  say(`cases that repeat an activity: ${a.repeating_cases} (${(100 * a.repeating_cases / Math.max(1, a.cases)).toFixed(4)} %)`)
  for (const one of a.activities) {
    say(`  ${one.activity}: ${one.starts} starts, ${one.completes} ends, ${one.cases} cases${one.service_minutes === null ? ''
      : `, ${one.service_minutes} service minutes, ${one.unfinished} without an end`}`)
  }
  for (const { first, second, n } of a.pairs.slice(0, shownMost)) say(`  ${n} × ${first} > ${second}`)
  for (const { path, n } of a.variants.shown.slice(0, shownMost)) say(`  ${n} cases: ${path.join(' > ')}`)
  for (const { of, cases, cases_with_others_after } of reports.times) {
    say(`  ${of.join(' or ')}, times a case: ${cases.map(({ times, cases: n }) => `${times} = ${n}`).join(', ')}; `
      + `${cases_with_others_after} cases with something else after the first`)
  }
}
