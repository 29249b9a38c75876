/** Money on paper. Everything is integer fen. */

const digits = '零壹贰叁肆伍陆柒捌玖'
const small = ['', '拾', '佰', '仟']
const large = ['', '万', '亿', '万亿']

/** '1,234.50' */
export function yuan(fen: number): string {
  const [whole, rest] = (Math.abs(fen) / 100).toFixed(2).split('.') as [string, string]
  return `${fen < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

/** Four digits at most: 1023 → 壹仟零贰拾叁. */
function fourInCapitals(value: number): string {
  let said = ''
  let gap = false
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10
    if (digit === 0) gap = said !== ''
    else {
      said += `${gap ? '零' : ''}${digits[digit]}${small[place]}`
      gap = false
    }
  }
  return said
}

function wholeInCapitals(value: number): string {
  let said = ''
  let gap = false
  for (let group = 3; group >= 0; group -= 1) {
    const four = Math.floor(value / 10_000 ** group) % 10_000
    if (four === 0) gap = said !== ''
    else {
      said += `${said !== '' && (gap || four < 1000) ? '零' : ''}${fourInCapitals(four)}${large[group]}`
      gap = false
    }
  }
  return said
}

/**
 * A sum in the capital letters of invoices: 1 234.50 yuan → 人民币壹仟贰佰叁拾肆元伍角整.
 *
 * @param fen whole, up to 10 000 000 000 000 000 in size
 * Source: 支付结算办法, rules of writing sums: 整 after 元 and 角, 零 for a gap; none where only 万 or 元 ends in nought
 */
export function capitals(fen: number): string {
  const size = Math.abs(fen)
  if (!Number.isSafeInteger(fen)) throw new Error(`not a sum in fen: ${fen}`)
  const [whole, jiao, cents] = [Math.floor(size / 100), Math.floor(size / 10) % 10, size % 10]
  const front = whole > 0 ? `${wholeInCapitals(whole)}元` : ''
  const tail = `${jiao > 0 ? `${digits[jiao]}角` : cents > 0 && whole > 0 ? '零' : ''}${
    cents > 0 ? `${digits[cents]}分` : ''}`
  const body = front + tail
  return `人民币${fen < 0 ? '负' : ''}${body === '' ? '零元' : body}${cents === 0 ? '整' : ''}`
}
