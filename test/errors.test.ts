import { describe, expect, test } from 'vitest'
import { fieldProblemCodes, refusals } from '../src/engine/refusal.ts'
import { en } from '../src/words/en.ts'
import { zh } from '../src/words/zh.ts'
import { printedPages } from '../scripts/pages.ts'

const page = printedPages().get('docs/errors.md')!
const [first = '', second = ''] = page.split('## Problems of a field')
const codesIn = (part: string) => [...part.matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code)

describe('every code has its words and its line, and every line its code', () => {
  test('refusals', () => expect(codesIn(first)).toEqual(Object.keys(refusals)))
  test('problems of a field', () => expect(codesIn(second)).toEqual([...fieldProblemCodes]))
  test.each(['refusal', 'problem'] as const)('words of a %s', (kind) => {
    const codes = kind === 'refusal' ? Object.keys(refusals) : [...fieldProblemCodes]
    for (const words of [zh, en] as Record<string, string>[]) {
      const worded = Object.keys(words).filter((key) => key.startsWith(`${kind}.`))
        .map((key) => key.slice(kind.length + 1))
      // One sentence more: what stands in the way, when it is known who was quicker.
      expect(worded.filter((code) => code !== 'wrong_state_since').sort()).toEqual([...codes].sort())
    }
  })
})

test('a status is one of a refusal: never of a success, never of a fault of ours', () => {
  for (const [code, { status, en: meaning }] of Object.entries(refusals)) {
    expect((status >= 400 && status < 500) || ['unavailable', 'files_away', 'no_space'].includes(code), code).toBe(true)
    expect(meaning, code).toMatch(/^[A-Z].+\.$/)
  }
})
