import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** RFC 6238 with what every authenticator app knows: SHA-1, six digits, steps of 30 seconds. */
const stepMs = 30_000
const digits = 6
/** A clock that is one step off is still in time. */
const stepsAside = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 160 random bits in base32, as they are typed into an app. */
export const newTotpSecret = (): string => base32(randomBytes(20))

export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >> bits) & 31]
    }
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = ((value << 5) | alphabet.indexOf(letter)) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 255)
  }
  return Buffer.from(bytes)
}

/** The code of one step. @param step whole 30-second steps since 1970 */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const from = mac[mac.length - 1]! & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

export const totpStepAt = (now: number): number => Math.floor(now / stepMs)

/**
 * The step that a code belongs to, or null when it belongs to none near `now`. The caller keeps the step and takes no
 * code of it, or of an earlier one, again.
 */
export function totpStepOf(secret: string, code: string, now: number): number | null {
  const typed = Buffer.from(code.replace(/\s/g, ''))
  const current = totpStepAt(now)
  for (let step = current + stepsAside; step >= current - stepsAside; step -= 1) {
    const right = Buffer.from(totpCode(secret, step))
    if (typed.length === right.length && timingSafeEqual(typed, right)) return step
  }
  return null
}

/** What the QR code for the app says. */
export function totpUri(secret: string, login: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(login)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
}
