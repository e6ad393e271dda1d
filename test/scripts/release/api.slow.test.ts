import { expect, it } from 'vitest'
import { inCopy, PROJECT, run } from '../../specs/project-copy.js'

const TIMEOUT = 180_000

it('the report of the API is up to date', { timeout: TIMEOUT }, async () => {
  expect(await run(PROJECT, 'tsx', 'scripts/release/api.ts', '--check')).toMatchObject({
    failed: false,
    stdout: 'test/public-api.md is up to date\n',
  })
})

it('a change of the API that is not in the report fails, with the difference', { timeout: TIMEOUT }, () =>
  inCopy(
    (copy) =>
      copy.replace('src/callbacks.ts', 'export { parseJobCallback }', 'export { parseJobCallback as parseJob }'),
    async ({ folder }) => {
      const { failed, stdout, stderr } = await run(folder, 'tsx', 'scripts/release/api.ts', '--check')
      expect(failed).toBe(true)
      expect(stdout).toContain('\n-        parseJobCallback,\n')
      expect(stdout).toContain('\n+        parseJobCallback as parseJob,\n')
      expect(stderr).toContain('run npm run api')
    },
    ['src', 'tsdown.config.ts', 'test/public-api.md'],
  ),
)
