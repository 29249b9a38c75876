import { describe, expect, test } from 'vitest'
import { doerName } from '../src/engine/draw.ts'
import { offer } from '../src/engine/decide.ts'
import { type AnyProcess, sourcesOf } from '../src/engine/define.ts'
import { type Doer, roles } from '../src/engine/roles.ts'
import { printedPages } from '../scripts/pages.ts'
import { house } from './company.ts'

/** The printed table of a process: by the line's words, by the doer's name, its mark. */
function printed(process: AnyProcess): Map<string, Map<string, string>> {
  const part = printedPages().get('docs/who-may-do-what.md')!.split(/^## /m)
    .find((one) => one.startsWith(`${process.zh} \`${process.name}\``))!
  const rows = part.split('\n').filter((line) => line.startsWith('| ')).map((line) =>
    line.slice(2, -2).split(' | ').map((one) => one.trim()))
  const [heads = [], ...lines] = rows
  return new Map(lines.filter(([first]) => first !== '---').map((line) =>
    [line[0]!, new Map(line.map((mark, index) => [heads[index]!, mark] as const))]))
}

const doers: Doer[] = [...(Object.keys(roles) as Doer[]), 'system', 'customer']

describe.each(Object.entries(house.processes))('who may do what in %s', (_name, process) => {
  const table = printed(process)
  const live = Object.entries(process.actions).filter(([, { retired }]) => !retired)

  test.each(live)('%s: the page says what the engine does', (name, action) => {
    const line = table.get(`${action.zh} \`${name}\``)
    const state = action.from === null ? null : sourcesOf(process, action)[0]!
    for (const doer of doers) {
      const asker = { id: null, kind: 'member' as const, roles: [doer] }
      const answer = () => offer({ ...process, guards: {}, actions: { [name]: { ...action, when: [] } } } as AnyProcess,
        name, asker, { state, facts: {} })
      expect(line?.get(doerName(doer)) === '●', `${name} by ${doer}`).toBe(answer().refusal?.code !== 'wrong_role')
    }
  })
  test('it has a line for every action and no other', () => {
    const waivers = [...table.keys()].filter((words) => words.startsWith('跳过 '))
    expect(table.size - waivers.length).toBe(live.length)
  })
})
