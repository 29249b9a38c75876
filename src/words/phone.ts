/** What is dialled, and the extension that is dialled after it. */
type Number = { main: string; extension: string }

/** «020-8751 6688 转 12», «(0757) 8888123 #8»: the extension has a word or a sign before it. */
const withExtension = /^(.*?)\s*(?:转|分机|ext\.?|[x#*,，])\s*(\d{1,6})\s*$/iu

function partsOf(phone: string): Number {
  const plain = phone.normalize('NFKC').trim()
  const [, before = plain, extension = ''] = withExtension.exec(plain) ?? []
  return { main: before, extension }
}

/** Digits as they are dialled inside China; the 0 that the country code replaced comes back. */
function nationalDigits(main: string): string {
  const digits = main.replace(/\D/gu, '')
  if (!/^\s*\(?(\+|00)\s*86/u.test(main)) return digits
  const bare = digits.replace(/^(00)?86/u, '')
  return /^(0|1[3-9]\d{9}$|[48]00)/u.test(bare) || bare.length < 9 ? bare : `0${bare}`
}

/** The shapes of numbers in China. Area codes 010 and 02x have eight digits after them: what follows is an extension. */
const shapes: readonly { digits: RegExp; read: string }[] = [
  { digits: /^(1[3-9]\d)(\d{4})(\d{4})()$/u, read: '$1 $2 $3' },
  { digits: /^(010|02\d)(\d{4})(\d{4})(\d{0,6})$/u, read: '$1-$2 $3' },
  { digits: /^(0[3-9]\d\d)(\d{3,4})(\d{4})()$/u, read: '$1-$2 $3' },
  { digits: /^([48]00)(\d{3})(\d{4})()$/u, read: '$1-$2-$3' },
  { digits: /^([2-9]\d{2,3})(\d{4})()()$/u, read: '$1 $2' },
]

/** 139****8899, as a number is shown that is not to be taken away. */
const masked = /^(\d{3})\*{4}(\d{4})$/u

/**
 * A telephone number in the groups in which it is read aloud: '13800138000' → '138 0013 8000', '02087516688' →
 * '020-8751 6688', '0208751668812' → '020-8751 6688 转 12'. What has no shape that is known stays as it was written.
 *
 * @param extensionWord the word before an extension
 */
export function phoneText(phone: string, extensionWord = '转'): string {
  if (masked.test(phone)) return phone.replace(masked, '$1 **** $2')
  const { main, extension } = partsOf(phone)
  if (/[^\d\s\-()+.]/u.test(main)) return phone
  const digits = nationalDigits(main)
  const shape = shapes.find((one) => one.digits.test(digits))
  if (!shape) return phone
  const after = extension || digits.replace(shape.digits, '$4')
  return digits.replace(shape.digits, shape.read) + (after === '' ? '' : ` ${extensionWord} ${after}`)
}

/** The link that dials it; an extension after a pause. */
export function phoneLink(phone: string): string {
  const { main, extension } = partsOf(phone)
  const whole = /^\s*\+/u.test(main) ? `+${main.replace(/\D/gu, '')}` : main.replace(/\D/gu, '')
  // Area code and eight digits are the number; what is written right behind them has to wait until somebody answers.
  const [, number = whole, behind = ''] = /^((?:010|02\d)\d{8})(\d{1,6})$/u.exec(whole) ?? []
  const after = extension || behind
  return `tel:${number}${after === '' ? '' : `,${after}`}`
}
