import type { AnyProcess } from '../engine/define.ts'
import type { Words } from '../words/index.ts'
import { type WordKey, zh } from '../words/zh.ts'
import { labelOf } from './answer.ts'

/** What a notice keeps of its cause; its words are made when it is read, in the reader's language. */
export type NoticeParams = Readonly<Record<string, string | number | null>> & { number: string; title: string
  process: string }

/** An instant as people of the company read it: «11月25日 10:00». */
export function timeText(words: Words, timeZone: string, iso: string): string {
  return new Intl.DateTimeFormat(words.language === 'en' ? 'en-GB' : 'zh-CN', { timeZone, month: 'short',
    day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false }).format(Date.parse(iso))
}

/**
 * A notice as a sentence. Parameters ending in `_at` are instants and are said in company time; `clock` and `action`
 * are said by their labels. A template without words of its own says which record it is about.
 */
export function noticeText(words: Words, timeZone: string, process: AnyProcess | undefined, template: string,
  params: NoticeParams): string {
  const said: Record<string, string | number | null> = { ...params }
  for (const [name, value] of Object.entries(params)) {
    if (name.endsWith('_at') && typeof value === 'string') said[name] = timeText(words, timeZone, value)
  }
  said.due = said.due_at ?? words.say('label.no_due')
  if (process && typeof params.clock === 'string') said.clock = labelOf(words, process, `clock.${params.clock}`)
  if (process && typeof params.action === 'string') said.action = labelOf(words, process, `action.${params.action}`)
  const key = `notice.${template}`
  return words.say(Object.hasOwn(zh, key) ? key as WordKey : 'notice.any', said)
}
