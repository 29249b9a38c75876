import { hash, verify } from '@node-rs/argon2'
import { fail } from '../../engine/fields.ts'
import type { FieldProblem } from '../../engine/refusal.ts'
import { commonWords, keyRows } from './common-passwords.ts'

export const passwordLeast = 10
export const passwordMost = 200

/** Argon2id, 19 MiB, two passes: what OWASP names as the least. The figures stand in each hash and may be raised. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The same characters, however a keyboard composes them. Nothing is cut off. */
const asKept = (password: string): string => password.normalize('NFC').trim()

/** A login as it is kept and looked for: case and width of letters do not count. */
export const loginOf = (typed: string): string => typed.normalize('NFKC').trim().toLowerCase()

/** Letters, digits and . _ @ + - of any script, 2 to 40. */
export const isLogin = (login: string): boolean => /^[\p{L}\p{N}._@+-]{2,40}$/u.test(login)

/**
 * What is wrong with a new password, as a problem of the field; null when it may be used.
 * Length counts, kinds of characters do not; the commonest ones and the login itself are refused.
 */
export function passwordProblem(field: string, password: string, login: string): FieldProblem | null {
  const kept = asKept(password)
  const length = Array.from(kept).length
  if (length > passwordMost) return fail(field, 'too_long', { max: passwordMost, length })
  return length < passwordLeast || isCommon(kept, login) ? fail(field, 'weak_password', { min: passwordLeast }) : null
}

const lookAlike: Readonly<Record<string, string>> =
  { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' }

const words = new Set(commonWords)
const rows = keyRows.flatMap((row) => [row, Array.from(row).reverse().join('')])

const letters = (text: string): string =>
  Array.from(text, (one) => lookAlike[one] ?? one).join('').replace(/[^\p{L}]+/gu, '')

function isCommon(password: string, login: string): boolean {
  const plain = password.toLowerCase()
  const unit = shortestUnit(plain)
  if (unit.length <= 4 || plain === login || rows.some((row) => row.includes(unit))) return true
  const headless = plain.replace(/^[^\p{L}]+/u, '')
  const tailless = plain.replace(/[^\p{L}]+$/u, '')
  const bare = headless.replace(/[^\p{L}]+$/u, '')
  const readings = [bare, headless, tailless].flatMap((text) => [letters(text), text.replace(/[^\p{L}]+/gu, '')])
  const name = login.split('@')[0]!.replace(/[^\p{L}]+/gu, '')
  return readings.map(shortestUnit).some((text) => words.has(text) || (name.length >= 2 && text === name))
}

/** The piece that a text repeats: 'abcabcabc' is 'abc', '1111111111' is '1'. */
function shortestUnit(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    if (text.length % length === 0 && text.slice(0, length).repeat(text.length / length) === text) {
      return text.slice(0, length)
    }
  }
  return text
}

const sideBySideMost = 2
const waitingMost = 100
let busy = 0
const waiting: (() => void)[] = []

/** Hashing is dear on purpose: few at a time, so that a flood of sign-ins does not stop everything else. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= waitingMost) throw Object.assign(new Error('too many sign-ins at once'), { statusCode: 429 })
  if (busy >= sideBySideMost) await new Promise<void>((go) => { waiting.push(go) })
  else busy += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else busy -= 1
  }
}

/** @throws an error with statusCode 429 when very many wait already */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(asKept(password), cost))

let nobodys: Promise<string> | null = null

/**
 * Is this the password of that hash? With null (no such account) the same work is done, so that the time it takes
 * tells nobody which logins exist.
 */
export async function passwordFits(password: string, kept: string | null): Promise<boolean> {
  nobodys ??= hash('nobody has this password', cost)
  const against = kept ?? await nobodys
  return await inTurn(() => verify(against, asKept(password))) && kept !== null
}
