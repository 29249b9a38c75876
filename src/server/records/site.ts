import { coordinatesOf } from '../../processes/customers/coordinates.ts'
import { fail } from '../../engine/fields.ts'
import { refuseUnlessActive } from '../customers/standing.ts'
import type { Noun } from './noun.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** 地点 */
export const site: Noun = {
  table: 'site',
  columns: ['name', 'address', 'zone', 'coordinates', 'latitude', 'longitude', 'person', 'phone', 'entry', 'remark'],
  number: { prefix: 'DD', period: 'ever', digits: 5 },
  derive: () => ({}),
  title: (values) => text(values.name) || '—',
  // A text that says no place leaves none: a wrong pin sends an engineer to the wrong town.
  follows: (changes) => (!('coordinates' in changes) ? {} : {
    latitude: coordinatesOf(text(changes.coordinates))?.latitude ?? null,
    longitude: coordinatesOf(text(changes.coordinates))?.longitude ?? null }),
  search: ['name', 'address', 'person', 'phone', 'entry', 'remark'],
  writes: {
    async register(_ctx, tx, act) {
      const { coordinates } = act.input
      if (coordinates !== undefined && !coordinatesOf(text(coordinates))) {
        return { code: 'bad_input', fields: [fail('coordinates', 'bad_format')] }
      }
      return refuseUnlessActive(tx, act.input.customer, 'customer')
    },
  },
}
