import { expect, test } from 'vitest'
import { portalEn } from './web-portal-en.ts'
import { type PortalKey, portalZh } from './web-portal-zh.ts'

const keys = Object.keys(portalZh) as PortalKey[]
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

test('both languages of the customers’ pages fill the same holes', () => {
  for (const key of keys) expect(holes(portalEn[key]), key).toEqual(holes(portalZh[key]))
})

test('Chinese words for customers hold no English, and pause in Chinese', () => {
  for (const key of keys.filter((one) => one !== 'language')) {
    expect(portalZh[key].replace(/\{\w+\}/g, ''), key).not.toMatch(/[A-Za-z]/)
    expect(portalZh[key], key).not.toMatch(/[一-鿿][,;:?!]/)
  }
})
