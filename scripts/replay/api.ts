import type { Api } from './drive.ts'

const triesMost = 5
const pauseMs = 500

/** The API of a running server. One that is busy or away is asked again: the key of the request makes it safe. */
export function httpApi(url: string, key: string): Api {
  return async (method, path, body, request, seq) => {
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${key}`,
        'accept-language': 'zh-CN', prefer: 'return=minimal', ...(body && { 'content-type': 'application/json' }),
        ...(request && { 'idempotency-key': request }),
        ...(typeof seq === 'number' && { 'if-match': String(seq) }) }, ...(body && { body: JSON.stringify(body) }) })
        .catch((error: Error) => error)
      const passing = answer instanceof Error || answer.status === 503 || answer.status === 429
      if (passing && tries < triesMost) {
        await new Promise((resolve) => { setTimeout(resolve, pauseMs * tries) })
        continue
      }
      if (answer instanceof Error) throw new Error(`${url} cannot be reached: ${answer.message}`)
      return { status: answer.status, body: await answer.json() as Record<string, unknown> }
    }
  }
}
