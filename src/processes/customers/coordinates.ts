/** Degrees of a place. */
export type Coordinates = { latitude: number; longitude: number }

const pair = /^\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW北南东西])?\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW北南东西])?\s*\)?$/iu
const isEastWest = /^[EW东西]$/i
const isBack = /^[SW南西]$/i

/**
 * What a copied text says: '113.3245, 23.1067' or '23.1067,113.3245'. Maps of the trade give the one or the other;
 * which is which is told by letters, else by size: in China the longitude is always the larger one. Pure.
 *
 * @returns null when it is no place on earth
 */
export function coordinatesOf(text: string): Coordinates | null {
  const found = pair.exec(text.normalize('NFKC').trim())
  if (!found) return null
  const [, a, sideA, b, sideB] = found
  const signed = (value: string, side: string | undefined) => Number(value) * (side && isBack.test(side) ? -1 : 1)
  const first = signed(a!, sideA)
  const second = signed(b!, sideB)
  const eastFirst = sideA ? isEastWest.test(sideA) : Math.abs(first) > Math.abs(second)
  const [longitude, latitude] = eastFirst ? [first, second] : [second, first]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}
