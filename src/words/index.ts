import { en } from './en.ts'
import { enLabels } from './en-labels.ts'
import { type WordKey, zh } from './zh.ts'

export type Language = 'zh' | 'en'

/** Words in one language. `label` overlays the Chinese that stands in a definition, by path. */
export type Words = {
  language: Language
  say(key: WordKey, params?: Readonly<Record<string, string | number | null | undefined>>): string
  label(path: string, chinese: string): string
}

const fill = (text: string, params: Readonly<Record<string, string | number | null | undefined>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => String(params[name] ?? ''))

/** The words of a language; anything unknown falls to Chinese, which is complete by type. */
export function wordsOf(language: Language): Words {
  const table = language === 'en' ? en : zh
  return {
    language,
    say: (key, params) => fill(table[key], params),
    label: (path, chinese) => (language === 'en' ? enLabels[path] ?? chinese : chinese),
  }
}
