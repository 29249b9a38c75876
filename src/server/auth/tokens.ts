import { createHash, randomBytes } from 'node:crypto'

/** A secret made by us: shown or sent once, kept by us only as its SHA-256. It is random, so a fast hash is enough. */
export type Token = { secret: string; hash: Buffer }

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** @param bits of chance; 256 for sessions and keys, 128 for private links, which people may have to type */
export function newToken(bits: 128 | 256, prefix = ''): Token {
  const secret = prefix + randomBytes(bits / 8).toString('base64url')
  return { secret, hash: sha256(secret) }
}

/** Has a text from outside the shape of such a token? Anything else need not be looked up. */
export const looksLikeToken = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w-]{16,200}$/.test(text)
