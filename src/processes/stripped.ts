import { withoutRule } from '../engine/without-rule.ts'

/**
 * A registry for the program; in a test run that asks for it, without the elements of one rule, so that the rule's
 * tests can be seen to go red (npm run rules:mutate). The one place that reads GONGDAN_WITHOUT_RULE, 'S4-112' or
 * 'S4-112:notice'; outside of a test run nothing reads it.
 */
export function strippedForTest<T>(registry: T): T {
  const asked = process.env.VITEST === 'true' ? process.env.GONGDAN_WITHOUT_RULE : undefined
  if (!asked) return registry
  const [id = '', means] = asked.split(':')
  return withoutRule(registry, id, means)
}
