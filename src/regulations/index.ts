import { strippedForTest } from '../processes/stripped.ts'
import type { Profile } from './profile.ts'
import { s0Profile } from './s0/profile.ts'
import { s1Profile } from './s1/profile.ts'
import { s2Profile } from './s2/profile.ts'
import { s3Profile } from './s3/profile.ts'
import { s4Profile } from './s4/profile.ts'

/** Every regulation that the program can run, one line each. */
export const profiles: Readonly<Record<string, Profile>> = strippedForTest({
  s0: s0Profile,
  s1: s1Profile,
  s2: s2Profile,
  s3: s3Profile,
  s4: s4Profile,
})
