import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const shared = {
  globalSetup: ['test/global-setup.ts'],
  // The first test of a run that touches data waits for two initdb and all migrations.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
}

/** Files that take longest begin first, or the last one would keep one processor alone. */
const longest = ['plans', 'rules', 'crash', 'clock-stepped', 'divide-events', 'buttons', 'repair-story', 'keys', 'quotation']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return place === -1 ? longest.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // The program is loaded once for all files of a worker, since loading it takes longer than most files do: nothing
      // in a module may be kept but by the object that it is true of (an App, a Database, a House).
      { test: { ...shared, name: 'node', include: ['test/**/*.test.ts', 'src/**/*.test.ts'], isolate: false,
        exclude: ['test/browser/**', 'node_modules/**'] } },
      { test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'],
        testTimeout: 180_000, hookTimeout: 600_000, expect: { poll: { timeout: 15_000 } } } },
    ],
  },
})
