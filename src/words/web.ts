import { type WebKey, webEn, webZh } from './web-tables.ts'

export type { WebKey }

/** Says a word of the web interface in one language; {name} is filled from params. */
export type Say = (key: WebKey, params?: Readonly<Record<string, string | number>>) => string

/** The words of the web interface in a language. */
export function webWords(language: 'zh' | 'en'): Say {
  const table: Readonly<Record<WebKey, string>> = language === 'en' ? webEn : webZh
  return (key, params) => table[key].replace(/\{(\w+)\}/g, (_all, name: string) => String(params?.[name] ?? ''))
}
