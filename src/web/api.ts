import { queryOptions } from '@tanstack/react-query'
import type { BoardView, CountView, DefinitionView, ErrorView, EventView, FileView, FoundView, MeView, NoticeView,
  PageView, PeopleView, PositionView, RecordView, RegulationView, WhyView, WorkView } from '../server/views.ts'

export type Problem = Omit<ErrorView['error'], 'code'> & { code: ErrorView['error']['code'] | 'offline' }

/** The server said no, or could not be reached (`offline`, status 0). `message` is ready to be shown. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/** Set by the page: what to say when the server cannot be reached, and who wants to know of that and of signing out. */
export const door = { offline: '', language: 'zh-CN', signedOut: () => {}, reached: (_there: boolean) => {} }

type Ask = { method?: string; body?: unknown; key?: string; seq?: number; form?: FormData; signal?: AbortSignal }

/** One request to our own API. JSON in and out; every failure is an ApiError. */
export async function ask<T>(path: string, { method = 'GET', body, key, seq, form, signal }: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': door.language }
  if (!form && method !== 'GET') headers['content-type'] = 'application/json'
  if (key) headers['idempotency-key'] = key
  if (seq !== undefined) headers['if-match'] = String(seq)
  let response: Response
  try {
    response = await fetch(path, { method, headers, signal, credentials: 'same-origin',
      body: form ?? (method === 'GET' ? undefined : JSON.stringify(body ?? {})) })
  } catch (error) {
    if (signal?.aborted) throw error
    door.reached(false)
    throw new ApiError(0, { code: 'offline', message: door.offline, request_id: '' })
  }
  door.reached(response.status < 502)
  if (response.ok) return (response.status === 204 ? null : await response.json()) as T
  throw await errorOf(response)
}

async function errorOf(response: Response): Promise<ApiError> {
  const view = await response.json().catch(() => null) as ErrorView | null
  const problem: Problem = view?.error
    ?? { code: response.status >= 502 ? 'offline' : 'fault', message: door.offline, request_id: '' }
  if (problem.code === 'not_signed_in') door.signedOut()
  return new ApiError(response.status, problem)
}

/** A random UUID that also works without HTTPS, where crypto.randomUUID is missing. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export type Filter = { state?: string; kind?: string; handler?: string; owner?: string; due?: string; q?: string
  sort?: string }

export function queryText(filter: Record<string, string | number | undefined | null>): string {
  const pairs = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

const minute = 60_000

export const queries = {
  me: () => queryOptions({ queryKey: ['me'], staleTime: minute, retry: false,
    queryFn: ({ signal }) => ask<MeView>('/api/me', { signal }) }),
  definition: (process: string) => queryOptions({ queryKey: ['definition', process], staleTime: 10 * minute,
    queryFn: ({ signal }) => ask<DefinitionView>(`/api/definitions/${process}`, { signal }) }),
  work: () => queryOptions({ queryKey: ['work'], refetchInterval: minute,
    queryFn: ({ signal }) => ask<WorkView>('/api/my-work', { signal }) }),
  record: (process: string, id: string) => queryOptions({ queryKey: ['record', process, id],
    queryFn: ({ signal }) => ask<RecordView>(`/api/${process}/${id}`, { signal }) }),
  count: (process: string, filter: Filter) => queryOptions({ queryKey: ['list', process, 'count', filter],
    queryFn: ({ signal }) => ask<CountView>(`/api/${process}/count?${queryText(filter)}`, { signal }) }),
  board: (process: string, filter: Filter) => queryOptions({ queryKey: ['list', process, 'board', filter],
    queryFn: ({ signal }) => ask<BoardView>(`/api/${process}/board?${queryText(filter)}`, { signal }) }),
  search: (q: string) => queryOptions({ queryKey: ['search', q], staleTime: 5000,
    queryFn: ({ signal }) => ask<FoundView>(`/api/search?${queryText({ q })}`, { signal }) }),
  why: (process: string, id: string, clock: string) => queryOptions({ queryKey: ['record', process, id, 'why', clock],
    queryFn: ({ signal }) => ask<WhyView>(`/api/${process}/${id}/clocks/${clock}/why`, { signal }) }),
  notices: () => queryOptions({ queryKey: ['notices'],
    queryFn: ({ signal }) => ask<{ notices: readonly NoticeView[] }>('/api/notices', { signal }) }),
  people: (q: string, first?: string, only?: string) => queryOptions({ queryKey: ['people', q, first, only], staleTime: minute,
    queryFn: ({ signal }) => ask<PeopleView>(`/api/people?${queryText({ q, first, only })}`, { signal }) }),
  positions: () => queryOptions({ queryKey: ['positions'], staleTime: 10 * minute,
    queryFn: ({ signal }) => ask<{ positions: readonly PositionView[] }>('/api/positions', { signal }) }),
  rules: () => queryOptions({ queryKey: ['rules'], staleTime: 10 * minute,
    queryFn: ({ signal }) => ask<RegulationView>('/api/rules', { signal }) }),
  demo: () => queryOptions({ queryKey: ['demo'], staleTime: Infinity, retry: false,
    queryFn: ({ signal }) => ask<DemoAnswer>('/api/demo', { signal }) }),
}

export type DemoAnswer = { logins: readonly { company: string; name: string; login: string; password?: string
  positions: readonly string[] }[] }

type PageAsk = Filter & { fields?: string; customer?: string | undefined }

/** A page of a list. A field that the list cannot show is left out rather than losing the list. */
export async function listPage(process: string, filter: PageAsk, limit: number, cursor?: string, signal?: AbortSignal) {
  const page = (one: PageAsk) => ask<PageView>(`/api/${process}?${queryText({ ...one, limit, cursor })}`, { signal })
  try {
    return await page(filter)
  } catch (error) {
    const unknown = error instanceof ApiError ? error.problem.fields?.map(({ field }) => field) ?? [] : []
    if (!filter.fields || !unknown.every((name) => name.startsWith('fields.'))) throw error
    const left = filter.fields.split(',').filter((name) => !unknown.includes(`fields.${name}`)).join(',')
    return page({ ...filter, fields: left || undefined })
  }
}

export const olderEvents = (process: string, id: string, before: number) =>
  ask<{ events: readonly EventView[] }>(`/api/${process}/${id}/events?before=${before}`)

/** Uploads one file; only its uploader sees it until an action claims it. */
export function upload(file: Blob, name: string): Promise<FileView> {
  const form = new FormData()
  form.append('file', file, name)
  return ask<FileView>('/api/files', { method: 'POST', form })
}

export type Act = { process: string; id: string | null; action: string; form: Record<string, unknown>; key: string
  seq?: number }

/** Sends an action; `id` null creates. The answer is the record as it now stands. */
export function act({ process, id, action, form, key, seq }: Act): Promise<RecordView> {
  const path = id === null ? `/api/${process}?action=${action}` : `/api/${process}/${id}/${action}`
  return ask<RecordView>(path, { method: 'POST', body: form, key, seq })
}
