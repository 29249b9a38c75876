import { createContext, useContext } from 'react'
import { portalEn } from '../../words/web-portal-en.ts'
import { type PortalKey, portalZh } from '../../words/web-portal-zh.ts'

export type Language = 'zh' | 'en'
/** Says a word of these pages; {name} is filled from params. */
export type Say = (key: PortalKey, params?: Readonly<Record<string, string | number>>) => string

export function wordsIn(language: Language): Say {
  const table: Readonly<Record<PortalKey, string>> = language === 'en' ? portalEn : portalZh
  return (key, params) => table[key].replace(/\{(\w+)\}/g, (_all, name: string) => String(params?.[name] ?? ''))
}

export const Words = createContext<Say>(wordsIn('zh'))
export const useSay = (): Say => useContext(Words)

/** «¥1,234.50». Without the browser's own formats, which old phones have in part only. */
export function yuan(fen: number): string {
  const [whole = '0', cents] = (Math.abs(fen) / 100).toFixed(2).split('.')
  return `${fen < 0 ? '−' : ''}¥${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

/** «2026年11月30日» of 'YYYY-MM-DD'. */
export function dateText(say: Say, date: string): string {
  const [year = '', month = '', day = ''] = date.slice(0, 10).split('-')
  return say('date', { year, month: Number(month), day: Number(day) })
}

/** «11月23日 14:05», by the clock of the phone. */
export function momentText(say: Say, iso: string): string {
  const at = new Date(iso)
  const two = (part: number) => String(part).padStart(2, '0')
  return say('moment', { month: at.getMonth() + 1, day: at.getDate(),
    time: `${two(at.getHours())}:${two(at.getMinutes())}` })
}
