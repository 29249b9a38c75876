import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { PreviewView, SettingsView } from '../../../server/views.ts'
import { ApiError, type Problem, ask } from '../../api.ts'
import { keep, readKept, useMe, useSay } from '../../site.tsx'

/** What is changed and not saved: by part and key the new value; null takes the company's own back. */
export type Change = Readonly<Partial<Record<Part, Readonly<Record<string, unknown>>>>>
export type Part = 'limits' | 'texts' | 'calendars' | 'schedules' | 'cards' | 'checklists'

export type SettingsDoor = { view: SettingsView; change: Change; count: number
  /** Moves when changes were let go: inputs that keep a text of their own begin anew. */
  version: number; problem: Problem | null
  saving: boolean
  /** The value that would hold: changed, else as it stands. */
  valueOf: (part: Part, key: string) => unknown
  isChanged: (part: Part, key: string) => boolean
  isOwn: (part: Part, key: string) => boolean
  /** The new value of a key; that of the regulation takes the company's own back, the old one takes the change back. */
  set: (part: Part, key: string, value: unknown) => void
  discard: () => void; save: (why: string) => void
  errorAt: (path: string) => string | undefined }

export const settingsKey = ['list', 'settings'] as const
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const asMap = (value: unknown): Readonly<Record<string, unknown>> => (value ?? {}) as Readonly<Record<string, unknown>>

/** Settings with the change that is under way; it survives a reload. */
export function useSettingsDraft(view: SettingsView): SettingsDoor {
  const { company, member } = useMe()
  const say = useSay()
  const client = useQueryClient()
  const key = `gongdan-settings/${company.slug}/${member.id}`
  const [change, setChange] = useState<Change>(() => {
    try {
      return JSON.parse(readKept(key) ?? '{}') as Change
    } catch {
      return {}
    }
  })
  const [version, setVersion] = useState(0)
  const write = (next: Change) => {
    keep(key, Object.keys(next).length === 0 ? null : JSON.stringify(next))
    setChange(next)
  }
  const saving = useMutation({
    mutationFn: (why: string) => ask<SettingsView>('/api/settings', { method: 'PUT', body: { change, why },
      seq: view.revision }),
    onSuccess: (after) => {
      write({})
      client.setQueryData(settingsKey, after)
      void client.invalidateQueries({ queryKey: ['definition'] })
      void client.invalidateQueries({ queryKey: ['list', 'settings-history'] })
      // Its progress is told from the moment it has begun.
      if (change.calendars) setTimeout(() => void client.invalidateQueries({ queryKey: settingsKey }), 1000)
      notifications.show({ message: say('settings.saved', { n: after.revision }) })
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problem.code === 'stale') {
        void client.invalidateQueries({ queryKey: settingsKey })
      }
    },
  })
  const problem = saving.error instanceof ApiError ? saving.error.problem : null
  const standing = (part: Part, name: string) => asMap(view.effective[part])[name]
  return {
    view, change, version, problem, saving: saving.isPending,
    count: Object.values(change).reduce((sum, part) => sum + Object.keys(part ?? {}).length, 0),
    valueOf: (part, name) => {
      const changed = change[part]
      if (!changed || !Object.hasOwn(changed, name)) return standing(part, name)
      return changed[name] === null ? asMap(view.defaults[part])[name] : changed[name]
    },
    isChanged: (part, name) => Object.hasOwn(change[part] ?? {}, name),
    isOwn: (part, name) => Object.hasOwn(change[part] ?? {}, name) ? change[part]![name] !== null
      : Object.hasOwn(asMap(view.overrides[part]), name),
    set: (part, name, value) => {
      saving.reset()
      const { [name]: _old, ...others } = change[part] ?? {}
      const ours = Object.hasOwn(asMap(view.overrides[part]), name)
      const back = same(value, asMap(view.defaults[part])[name]) || value === null
      const kept = same(value, standing(part, name)) || (back && !ours) ? others
        : { ...others, [name]: back ? null : value }
      const { [part]: _part, ...rest } = change
      write(Object.keys(kept).length > 0 ? { ...rest, [part]: kept } : rest)
    },
    discard: () => { saving.reset(); write({}); setVersion(version + 1) },
    save: (why) => saving.mutate(why),
    errorAt: (path) => problem?.fields?.find(({ field }) => field === path || field.startsWith(`${path}.`))?.message,
  }
}

/** What saving would do, asked of the server a moment after the last change. */
export function usePreview(change: Change) {
  const text = useMemo(() => JSON.stringify(change), [change])
  return useQuery({ queryKey: ['list', 'settings', 'preview', text], enabled: text !== '{}', staleTime: 60_000,
    retry: false, queryFn: ({ signal }) => ask<PreviewView>('/api/settings/preview', { method: 'POST', body: { change },
      signal }) })
}
