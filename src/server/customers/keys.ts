import { pinyin } from 'pinyin-pro'

/** Keys by which customers, contacts and machines are found. Pure: the same text gives the same key when it is kept and
 * when it is looked for. Columns made from them stand in migrations/0010_customers.sql. */

const digitsMost = 24
const keyMost = 60

/**
 * '（020）8758-3950转12' → '0208758395012'. A country code of China goes, the 0 that it replaced comes back:
 * '+86 20 87583950' → '02087583950'. '' when there is no digit.
 */
export function phoneKey(phone: string): string {
  const plain = phone.normalize('NFKC')
  const digits = plain.replace(/\D/g, '')
  if (!/^\s*\(?(\+|00)\s*86/.test(plain)) return digits.slice(0, digitsMost)
  const national = digits.replace(/^(00)?86/, '')
  const whole = /^(0|1[3-9]\d{9})/.test(national) || national.length < 9 ? national : `0${national}`
  return whole.slice(0, digitsMost)
}

/** '广州 远景（律师）事务所' → '广州远景律师事务所': letters and digits only, in one width and case. */
export const nameKey = (name: string): string =>
  [...name.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')].slice(0, keyMost).join('')

/** ' cnb-1 234' → 'CNB1234'. '' when there is nothing to compare. */
export const serialKey = (serial: string): string =>
  [...serial.normalize('NFKC').toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')].slice(0, keyMost).join('')

const isHan = /\p{Script=Han}/u

/** Syllables of a name, a Latin run as it stands: '远景IT' → ['yuan', 'jing', 'it']. */
function syllables(key: string, surname: 'head' | 'off'): string[] {
  const runs = key.match(/\p{Script=Han}+|[^\p{Script=Han}]+/gu) ?? []
  return runs.flatMap((run, index) => (isHan.test(run)
    ? pinyin(run, { toneType: 'none', type: 'array', v: true, surname: index === 0 ? surname : 'off' }) : [run]))
}

/** Both readings where a name begins with a character that is read otherwise in a surname (单国强: shan, dan). */
const readings = (name: string): string[][] => {
  const key = nameKey(name)
  return isHan.test(key) ? (['head', 'off'] as const).map((surname) => syllables(key, surname)) : []
}

/** First letters: '远景律师' → ['yjls']. [] for a name without Chinese characters, which its own key finds. */
export const initialsKeys = (name: string): string[] =>
  [...new Set(readings(name).map((all) => all.map((one) => (isHan.test(one) ? '' : [...one][0]!)).join('')))]

const syllablesMost = 6

/** Pinyin from each of the first syllables on: '远景' → ['yuanjing', 'jing']. */
export const pinyinKeys = (name: string): string[] => [...new Set(readings(name).flatMap((all) =>
  all.slice(0, syllablesMost).map((_one, from) => all.slice(from).join(''))))]

/** 139****8899: enough to know a number again, too little to take it away. Short numbers as they are. */
export function maskPhone(phone: string): string {
  const digits = phoneKey(phone)
  return digits.length < 8 ? digits : `${digits.slice(0, 3)}****${digits.slice(-4)}`
}

/** What a scanner reads of a printed code: the text itself, or the end of an address. */
export const codeIn = (scanned: string): string => {
  const text = scanned.normalize('NFKC').trim()
  // Of an address the beginning may be lost to whatever had the focus.
  return /^https?:\/\/|\/q\//i.test(text) ? text.split(/[?#]/)[0]!.split('/').filter(Boolean).at(-1) ?? '' : text
}

/** What stands on our paper beside the square: letters and digits that nobody mistakes, in groups with hyphens. */
const paperForm = /^[0-9A-HJKMNP-TV-Z]{16}$/

/** The code on a printed page as it is kept, however it was scanned or typed; null: it is none. */
export function paperKey(scanned: string): string | null {
  const plain = codeIn(scanned).replace(/[-\s]/g, '').toUpperCase()
  return paperForm.test(plain) ? plain : null
}
