import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capitals, yuan } from './money.ts'

test('sums in figures', () => {
  expect([0, 5, 48_000, 123_456_789, -2_000].map(yuan)).toEqual(['0.00', '0.05', '480.00', '1,234,567.89', '-20.00'])
})

test.each([
  [0, '人民币零元整'], [1, '人民币壹分'], [10, '人民币壹角整'], [105, '人民币壹元零伍分'], [1_000, '人民币壹拾元整'],
  [48_000, '人民币肆佰捌拾元整'], [123_450, '人民币壹仟贰佰叁拾肆元伍角整'], [100_001, '人民币壹仟元零壹分'],
  [1_000_500, '人民币壹万零伍元整'], [1_050_000, '人民币壹万零伍佰元整'], [10_000_000, '人民币壹拾万元整'],
  [10_203_040, '人民币壹拾万贰仟零叁拾元肆角整'], [10_000_000_000, '人民币壹亿元整'],
  [10_000_050_000, '人民币壹亿零伍佰元整'], [10_500_000_000, '人民币壹亿零伍佰万元整'], [-2_000, '人民币负贰拾元整'],
])('%i fen is %s', (fen, said) => expect(capitals(fen)).toBe(said))

/** Reads capitals back, as a clerk does: the opposite way round, so that both are not wrong alike. */
function read(said: string): number {
  let [all, group, digit] = [0, 0, 0]
  let fen = 0
  for (const letter of said.replace('人民币', '').replace('整', '')) {
    const number = '零壹贰叁肆伍陆柒捌玖'.indexOf(letter)
    const unit = { 拾: 10, 佰: 100, 仟: 1000 }[letter]
    if (number >= 0) digit = number
    else if (unit !== undefined) group += digit * unit
    else if (letter === '万' || letter === '亿') {
      const times = letter === '万' ? 10_000 : 100_000_000
      // 万亿: the 万 before it has been counted already.
      all = letter === '亿' && group + digit === 0 ? all * times : all + (group + digit) * times
      group = 0
    } else if (letter === '元') {
      fen += (all + group + digit) * 100
      all = group = 0
    } else fen += digit * (letter === '角' ? 10 : 1)
    if (number < 0) digit = 0
  }
  return fen
}

test('any sum below a trillion yuan reads back as itself, with no two noughts side by side', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (fen) => {
    const said = capitals(fen)
    return read(said) === fen && !said.includes('零零') && (said.endsWith('整') || said.endsWith('分'))
  }), { numRuns: 2_000 })
})
