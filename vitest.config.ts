import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { packageEntries } from './test/support/package-entries.js'

export default defineConfig({
  resolve: {
    alias: [
      { find: '#platform', replacement: path.resolve('src/transport/platform/node.ts') },
      ...packageEntries.map(({ find, replacement }) => ({ find: new RegExp(`^${find}$`), replacement })),
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/check-emulator-answers.ts'],
    testTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
})
