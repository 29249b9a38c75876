import type { ErrorView, FileView, LinkedRecordView, ShopView } from '../../server/views.ts'

export type Problem = Omit<ErrorView['error'], 'code'> & { code: ErrorView['error']['code'] | 'offline'
  /** With a link that has ended. */
  shop?: ShopView
  /** With an answer that came too late: how it stands now. */
  record?: LinkedRecordView }

/** The server said no, or could not be reached (`offline`). */
export class PortalError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

const patienceMs = 25_000

type Ask = { body?: unknown; form?: FormData; seq?: number; key?: string }

/** One request; a network that does not answer for a while counts as none. Posts when there is something to send. */
export async function ask<T>(path: string, { body, form, seq, key }: Ask = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json',
    'accept-language': document.documentElement.lang }
  const posts = body !== undefined || form !== undefined
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (seq !== undefined) headers['if-match'] = `"${seq}"`
  if (key !== undefined) headers['idempotency-key'] = key
  const response = await inTime(fetch(path, { method: posts ? 'POST' : 'GET', headers, credentials: 'same-origin',
    body: form ?? (body === undefined ? undefined : JSON.stringify(body)) }))
  const answer = await response.json().catch(() => null) as (T & Partial<ErrorView>) | null
  if (response.ok && answer !== null) return answer
  const { shop, record } = (answer ?? {}) as Partial<Problem>
  if (answer?.error) throw new PortalError({ ...answer.error, shop, record })
  throw offline()
}

const offline = () => new PortalError({ code: 'offline', message: '', request_id: '' })

function inTime(answer: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(offline()), patienceMs)
    void answer.then(resolve, () => reject(offline())).then(() => clearTimeout(timer))
  })
}

export const problemOf = (error: unknown): Problem => (error instanceof PortalError ? error.problem
  : { code: 'fault', message: '', request_id: '' })

/** The same for one answer however often it is sent. */
export const newKey = (): string => `link-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`

/**
 * One link of one page. Another link may be opened in the same browser meanwhile, and there is one cookie: so each
 * answer is preceded by this page's own secret, or, where a reload has lost it, by a look at which record it would
 * reach.
 */
export function linkAt(secret: string | null) {
  const enter = () => ask<{ ok: true }>(`/api/link/${encodeURIComponent(secret!)}`)
  return {
    async read(): Promise<LinkedRecordView> {
      if (secret !== null) await enter()
      return ask<LinkedRecordView>('/api/link/record')
    },
    /** @throws PortalError with the record as it is when it is not the one that was shown, or another than it was */
    async act(view: LinkedRecordView, action: string, body: object, key: string): Promise<LinkedRecordView> {
      if (secret !== null) await enter()
      else {
        const now = await ask<LinkedRecordView>('/api/link/record')
        if (now.number !== view.number) {
          throw new PortalError({ code: 'stale', message: '', request_id: '', record: now })
        }
      }
      return ask<LinkedRecordView>(`/api/link/record/${action}`, { body, seq: view.seq, key })
    },
    async upload(picture: Blob): Promise<string> {
      if (secret !== null) await enter()
      const form = new FormData()
      form.append('file', picture, 'signature.png')
      return (await ask<FileView>('/api/files', { form })).id
    },
  }
}
export type Link = ReturnType<typeof linkAt>
