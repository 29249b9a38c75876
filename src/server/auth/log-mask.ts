/** Parts of an address that open something: the token of a private link or of a set-up link, and every query value. */
const secretPaths = /^(\/(?:api\/link|l|setup)\/)[^/?#]+/

/** An address as it may stand in a log. What follows `?` may be a name or a phone number that somebody looked for. */
export function maskedUrl(url: string): string {
  const masked = url === '/api/link/record' ? url : url.replace(secretPaths, '$1***')
  return masked.replace(/\?.*$/s, '?***')
}

type Logged = { method: string; url: string; ip: string; id: string }

/** For the `logger` option of the HTTP server: a request in the log, without headers, bodies and secrets. */
export const logSerializers = {
  req: (request: Logged) =>
    ({ method: request.method, url: maskedUrl(request.url), ip: request.ip, id: request.id }),
}
