import { expect, test } from 'vitest'
import { type WebKey, webEn, webZh } from './web-tables.ts'

const keys = Object.keys(webZh) as WebKey[]
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

test('both languages fill the same holes', () => {
  for (const key of keys) expect(holes(webEn[key]), key).toEqual(holes(webZh[key]))
})

test('Chinese words hold no English but names of keys and files', () => {
  const allowed = /Ctrl K|CSV|Excel|UTF-8|GBK|MB|\.xlsx|\.csv|\.png|\{\w+\}/g
  for (const key of keys) expect(webZh[key].replace(allowed, ''), key).not.toMatch(/[A-Za-z]/)
})

test('Chinese sentences end and pause in Chinese', () => {
  for (const key of keys) expect(webZh[key], key).not.toMatch(/[一-鿿][,;:?!]/)
})
