import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // The first test of a run that touches data waits for two initdb and all migrations.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
