import { vi } from 'vitest'
import type { TestCompany } from './company.ts'
import { describeButtons } from './buttons-suite.ts'
import { testDatabases } from './databases.ts'
import { addSpecimenTables, specimenHouse } from './specimen-noun.ts'

// The specimen exists for everybody at work but finance; policy.ts knows nothing of the tests' own process.
vi.mock(import('../src/server/policy.ts'), async (original) => {
  const policy = await original()
  return { ...policy, sightOf: (process, actor) => (process === 'specimen' && actor.kind === 'member'
    ? actor.roles.includes('finance') ? 'none' : 'all' : policy.sightOf(process, actor)) }
})

const prepare = (at: TestCompany) => addSpecimenTables(at.database)

// A file of its own: compiled calendars are kept by company, and this company is another database's number one.
describeButtons({ kinds: testDatabases(), house: specimenHouse, profile: 'x', names: ['specimen'], effort: 1.8,
  floors: { specimen: 94 }, floorOfOthers: 0, prepare })
