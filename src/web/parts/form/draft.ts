import { useCallback, useRef, useState } from 'react'
import type { FileView } from '../../../server/views.ts'
import { keep, readKept } from '../../site.tsx'

/** A form as typed so far, with what its ids mean, so that a reload shows it as it was. */
export type Draft = { at: number; values: Record<string, unknown>; names: Record<string, string>
  files: Record<string, FileView>; reasons: Record<string, string> }

const prefix = 'gongdan-draft/'
const draftsMost = 40
/** Uploaded files that no action claimed are swept after 48 hours; a draft does not outlive them. */
const livesMs = 47 * 3_600_000

const empty = (): Draft => ({ at: 0, values: {}, names: {}, files: {}, reasons: {} })

function readDraft(key: string): Draft {
  try {
    const draft = JSON.parse(readKept(prefix + key) ?? 'null') as Draft | null
    return draft && Date.now() - draft.at < livesMs ? { ...empty(), ...draft } : empty()
  } catch {
    return empty()
  }
}

/** Old drafts make room for new ones. */
function sweep(): void {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    if (keys.length <= draftsMost) return
    const dated = keys.map((key) => ({ key, at: (JSON.parse(localStorage.getItem(key) ?? '{}') as Draft).at ?? 0 }))
    dated.sort((a, b) => a.at - b.at)
    for (const { key } of dated.slice(0, keys.length - draftsMost)) localStorage.removeItem(key)
  } catch { /* storage is off */ }
}

export type DraftDoor = { draft: Draft; restored: boolean; change: (patch: (old: Draft) => Draft) => void
  clear: () => void
  /** Answers for what nothing was typed in. */
  fill: (values: Record<string, unknown>) => void }

/**
 * What was typed, kept in this browser under the company, the person, the record and the action; `hidden` fields never
 * are.
 */
export function useDraft(key: string, start: Record<string, unknown>, hidden: readonly string[]): DraftDoor {
  const [first] = useState(() => readDraft(key))
  const [draft, setDraft] = useState<Draft>(() => ({ ...first, values: { ...start, ...first.values } }))
  const [restored, setRestored] = useState(first.at > 0)
  const secret = useRef(hidden)
  const change = useCallback((patch: (old: Draft) => Draft) => setDraft((old) => {
    const next = { ...patch(old), at: Date.now() }
    const values = Object.fromEntries(Object.entries(next.values).filter(([name]) => !secret.current.includes(name)))
    keep(prefix + key, JSON.stringify({ ...next, values }))
    return next
  }), [key])
  const clear = useCallback(() => {
    keep(prefix + key, null)
    sweep()
    setRestored(false)
    setDraft({ ...empty(), values: start })
  }, [key, start])
  const fill = useCallback((values: Record<string, unknown>) =>
    setDraft((old) => ({ ...old, values: { ...values, ...old.values } })), [])
  return { draft, restored, change, clear, fill }
}
