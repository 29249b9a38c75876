import { vi } from 'vitest'
import * as policy from '../src/server/policy.ts'
import type { TestCompany } from './company.ts'
import { describeButtons } from './buttons-suite.ts'
import { testDatabases } from './databases.ts'
import { addSpecimenTables, specimenHouse } from './specimen-noun.ts'

// The specimen exists for everybody at work but finance; policy.ts knows nothing of the tests' own process.
const { sightOf } = policy
vi.spyOn(policy, 'sightOf').mockImplementation((process, actor) => (process === 'specimen' && actor.kind === 'member'
  ? actor.roles.includes('finance') ? 'none' : 'all' : sightOf(process, actor)))

const prepare = (at: TestCompany) => addSpecimenTables(at.database)

describeButtons({ kinds: testDatabases(), house: specimenHouse, profile: 'x', names: ['specimen'], effort: 1.8,
  floors: { specimen: 94 }, floorOfOthers: 0, prepare })
