import type { QueryClient } from '@tanstack/react-query'
import type { LiveView } from '../server/views.ts'
import { randomId } from './api.ts'

/** One event stream a browser: one tab leads and tells the others. */
const lockName = 'gongdan-live'
const leaseKey = 'gongdan-live-leader'
const beatMs = 3000
const leaseMs = 8000
const gatherMs = 250
const againMs = 5000

export type Line = 'open' | 'broken'

/** Listens for what moved and fetches it again. Returns the way to stop. */
export function startLive(client: QueryClient, onLine: (line: Line) => void): () => void {
  const stop = new AbortController()
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(lockName)
  const take = refresher(client)
  if (channel) channel.onmessage = (message: MessageEvent<LiveView | { line: Line }>) => {
    if ('line' in message.data) onLine(message.data.line)
    else take(message.data)
  }
  const lead = () => stream(stop.signal, (view) => { take(view); channel?.postMessage(view) },
    (line) => { onLine(line); channel?.postMessage({ line }) })
  // Web Locks exist on secure pages only; in an office network without HTTPS a lease in the storage does the same.
  if (navigator.locks) {
    void navigator.locks.request(lockName, { signal: stop.signal }, () => lead()).catch(() => {})
  } else leadByLease(stop.signal, lead)
  return () => {
    stop.abort()
    channel?.close()
  }
}

/** Holds the stream open until stopped. The browser reconnects by itself, but not after a refusal: then we do. */
function stream(signal: AbortSignal, onView: (view: LiveView) => void, onLine: (line: Line) => void): Promise<void> {
  return new Promise((settle) => {
    let source: EventSource
    const open = () => {
      if (signal.aborted) return
      source = new EventSource('/api/live')
      source.onopen = () => onLine('open')
      source.onerror = () => {
        onLine('broken')
        if (source.readyState === EventSource.CLOSED) setTimeout(open, againMs)
      }
      source.onmessage = (message) => {
        const view = parse(message.data as string)
        if (view) onView(view)
      }
    }
    open()
    signal.addEventListener('abort', () => {
      source.close()
      settle()
    })
  })
}

function parse(text: string): LiveView | null {
  try {
    return JSON.parse(text) as LiveView
  } catch {
    return null
  }
}

function leadByLease(signal: AbortSignal, lead: () => Promise<void>): void {
  const me = randomId()
  let leading = false
  const beat = () => {
    const [holder, at] = (localStorage.getItem(leaseKey) ?? '').split(' ')
    const free = !holder || Date.now() - Number(at) > leaseMs
    if (!free && holder !== me) return
    localStorage.setItem(leaseKey, `${me} ${Date.now()}`)
    if (!leading) void lead()
    leading = true
  }
  beat()
  const timer = setInterval(beat, beatMs)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    if (leading) localStorage.removeItem(leaseKey)
  })
}

/** Gathers what moved for a moment, then marks it stale: only what is on the screen is fetched. */
function refresher(client: QueryClient): (view: LiveView) => void {
  let moved: LiveView[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = () => {
    timer = null
    const views = moved
    moved = []
    const processes = new Set(views.flatMap((view) => ('process' in view ? [view.process] : [])))
    for (const process of processes) void client.invalidateQueries({ queryKey: ['list', process] })
    if (processes.size > 0) void client.invalidateQueries({ queryKey: ['work'] })
    for (const view of views) if ('process' in view && isNews(client, view)) {
      void client.invalidateQueries({ queryKey: ['record', view.process, view.id] })
    }
    if (views.some((view) => 'notices' in view)) void client.invalidateQueries({ queryKey: ['notices'] })
    void client.invalidateQueries({ queryKey: ['me'] })
  }
  return (view) => {
    moved.push(view)
    timer ??= setTimeout(flush, gatherMs)
  }
}

function isNews(client: QueryClient, view: { process: string; id: string; seq: number }): boolean {
  const known = client.getQueryData<{ seq: number }>(['record', view.process, view.id])
  return known !== undefined && known.seq < view.seq
}
