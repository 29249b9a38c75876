import { describe, expect, test } from 'vitest'
import { effectiveProcess } from '../src/engine/effective.ts'
import { cardsFor, cleanShown } from '../src/engine/script-cards.ts'
import type { AnyProcess } from '../src/engine/define.ts'
import { processes } from '../src/processes/index.ts'
import { profiles } from '../src/regulations/index.ts'
import { closeGaps, fillGaps, strangeGaps } from '../src/words/card-gaps.ts'
import { enCards, enItems } from '../src/words/en-cards.ts'

const said = Object.fromEntries(Object.values(profiles).flatMap(({ cards }) => Object.entries(cards)))
const named = new Set(Object.values(processes).flatMap(({ actions }) =>
  Object.values(actions).flatMap(({ cards }) => Object.keys(cards ?? {}))))

describe('话术卡', () => {
  test('every card has its moment, every moment its card', () => {
    expect(Object.keys(said).filter((name) => !named.has(name))).toEqual([])
    expect([...named].filter((name) => !Object.hasOwn(said, name))).toEqual([])
  })
  test('its gaps are known, in Chinese and in English, and each has its English', () => {
    expect(Object.entries(said).flatMap(([name, { text }]) => strangeGaps(text).map((gap) => `${name} ${gap}`))).toEqual([])
    expect(Object.entries(enCards).flatMap(([name, [, text]]) => strangeGaps(text).map((gap) => `${name} ${gap}`)))
      .toEqual([])
    expect(Object.keys(enCards).sort()).toEqual(Object.keys(said).sort())
  })
  test('items of check lists that a regulation brings have their English or stand in a form', () => {
    const inForms = JSON.stringify(Object.values(processes).map(({ actions }) => actions))
    const items = Object.values(profiles).flatMap(({ checklists }) =>
      Object.values(checklists).flatMap((kinds) => Object.values(kinds).flat()))
    expect(items.map(({ zh }) => zh).filter((zh) => !Object.hasOwn(enItems, zh) && !inForms.includes(`"${zh}"`)))
      .toEqual([])
  })
  test('a gap that nobody fills is a pause, never a brace', () => {
    expect(closeGaps(fillGaps('您好，{客户}的{联系人}', { 客户: '远景律所' }))).toBe('您好，远景律所的……')
    expect(closeGaps(fillGaps('{单号}', { 单号: '' }))).toBe('……')
  })
})

describe('which cards apply, and which may be said to have been shown', () => {
  const process = { name: 'desk', zh: '前台', states: {}, documents: {}, clocks: {},
    guards: { late: { zh: '久等', test: (facts: { late: boolean }) => facts.late } },
    actions: { see: { zh: '接待', from: null, by: [], cards: { hello: {}, sorry: { when: 'late' }, resting: {} } } },
  } as unknown as AnyProcess
  const words = { cards: { hello: { zh: '迎客', text: '您好' }, sorry: { zh: '致歉', text: '抱歉' },
    resting: { zh: '歇着', text: '' } }, checklists: {} }
  const effective = effectiveProcess(process, {}, words)
  const see = effective.actions.see!

  test('a card waits for its guard; one without text rests', () => {
    expect(cardsFor(effective, see, { late: false })).toEqual(['hello'])
    expect(cardsFor(effective, see, { late: true })).toEqual(['hello', 'sorry'])
    const silent = effectiveProcess(process, {})
    expect(cardsFor(silent, silent.actions.see, { late: true })).toEqual([])
  })
  test('only cards of the action are taken, each once; one that rests is left out', () => {
    expect(cleanShown(see, ['hello', 'sorry', 'hello', 'resting'])).toEqual({ shown: ['hello', 'sorry'] })
    expect(cleanShown(see, undefined)).toEqual({ shown: [] })
    for (const bad of [['constructor'], ['goodbye'], [1]]) {
      expect(cleanShown(see, bad)).toMatchObject({ problems: [{ field: 'shown.0', code: 'not_an_option' }] })
    }
    expect(cleanShown(see, 'hello')).toMatchObject({ problems: [{ field: 'shown', code: 'wrong_type' }] })
  })
})
