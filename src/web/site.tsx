import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react'
import type { MeView } from '../server/views.ts'
import { type Say, webWords } from '../words/web.ts'
import type { Speech } from './time.ts'

/** Language and time zone of the reader, for every word on the page. */
const SpeechContext = createContext<Speech>({ say: webWords('zh'), language: 'zh', zone: 'Asia/Shanghai' })

export const useSpeech = (): Speech => useContext(SpeechContext)
export const useSay = (): Say => useContext(SpeechContext).say

/** The language that this browser used last; Chinese when neither it nor the browser says otherwise. */
export function rememberedLanguage(): 'zh' | 'en' {
  const kept = readKept('gongdan-language')
  if (kept === 'zh' || kept === 'en') return kept
  return /^en\b/i.test(navigator.language) ? 'en' : 'zh'
}

export function Speaking({ language, zone, children }: { language: 'zh' | 'en'; zone: string; children: ReactNode }) {
  const speech = useMemo(() => ({ say: webWords(language), language, zone }), [language, zone])
  return <SpeechContext value={speech}>{children}</SpeechContext>
}

const MeContext = createContext<MeView | null>(null)
export const MeProvider = MeContext

/** Who is signed in. Only below the frame. */
export function useMe(): MeView {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe is used outside of the frame')
  return me
}

/** The server's clock and ours differ; every countdown uses the server's, from the first moment that it is known. */
let ahead = 0
export function setServerNow(iso: string): void {
  ahead = Date.parse(iso) - Date.now()
  tick = serverNow()
}
export const serverNow = (): number => Date.now() + ahead

const tickMs = 10_000
let tick = serverNow()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tick = serverNow()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}

/** Now, in ms; renders again every ten seconds. One timer for the whole page. */
export function useNow(): number {
  const beat = useSyncExternalStore(subscribe, () => tick)
  return Math.max(beat, Math.floor(serverNow() / tickMs) * tickMs)
}

/** Storage may be switched off; then nothing is remembered and nothing breaks. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch { /* full or off: the page works without */ }
}
