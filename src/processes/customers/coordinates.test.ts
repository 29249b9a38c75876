import { expect, test } from 'vitest'
import { coordinatesOf } from './coordinates.ts'

const canton = { latitude: 23.1067, longitude: 113.3245 }

test.each(['113.3245, 23.1067', '23.1067,113.3245', '（113.3245，23.1067）', '23.1067N 113.3245E', '113.3245 23.1067'])(
  'a place as maps write it: %s', (text) => expect(coordinatesOf(text)).toEqual(canton))

test('letters tell which is which where size does not', () => {
  expect(coordinatesOf('33.9S, 18.4E')).toEqual({ latitude: -33.9, longitude: 18.4 })
  expect(coordinatesOf('18.4E, 33.9S')).toEqual({ latitude: -33.9, longitude: 18.4 })
})

test.each(['', '广州', '113.3245', '200, 100', '95.0, 91.0', '1,2,3'])('no place: %s', (text) =>
  expect(coordinatesOf(text)).toBeNull())
