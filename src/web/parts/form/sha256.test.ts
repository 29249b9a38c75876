import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from './sha256.ts'

test('what was signed has the hash that every other program computes', () => {
  for (const text of ['', 'abc', '客户已核对外观与附件', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), '界'.repeat(4000)]) {
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
