import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { packageEntries } from './test/support/package-entries.js'

// Soak, load, long random runs, and whatever starts processes or works on a copy of the project.
const SLOW = 'test/**/*.slow.test.ts'
// The docs site in Chromium.
const BROWSER = 'test/browser/*.test.ts'

export default defineConfig({
  resolve: {
    alias: [
      { find: '#platform', replacement: path.resolve('src/transport/platform/node.ts') },
      ...packageEntries.map(({ find, replacement }) => ({ find: new RegExp(`^${find}$`), replacement })),
      { find: /^cloud-media-clients\/specs\/(.+\.json)$/, replacement: path.resolve('generated/specs/$1') },
    ],
  },
  test: {
    // Otherwise a machine with two cores would use one of them.
    maxWorkers: '100%',
    setupFiles: ['test/support/check-emulator-answers.ts', 'test/support/load-advice.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [SLOW, BROWSER], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [SLOW],
          globalSetup: ['test/support/pack.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER],
          globalSetup: ['test/browser/build-site.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
})
