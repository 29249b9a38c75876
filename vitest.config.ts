import { defineConfig } from 'vitest/config'

const shared = {
  globalSetup: ['test/global-setup.ts'],
  // The first test of a run that touches data waits for two initdb and all migrations.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
}

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'node', include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
        exclude: ['test/browser/**', 'node_modules/**'] } },
      { test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'], fileParallelism: false,
        testTimeout: 180_000, hookTimeout: 180_000 } },
    ],
  },
})
