import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const CALLS = 50_000
const CONCURRENCY = 64

it('50,000 calls with faults settle once each, and leave nothing behind', { timeout: 300_000 }, async () => {
  const server = spawn(process.execPath, ['--import', 'tsx', 'test/soak/server.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const first = await createInterface(server.stdout)[Symbol.asyncIterator]().next()
  const url = first.done === true ? '' : first.value
  const client = ['--import', 'tsx', '--expose-gc', 'test/soak/client.ts', url, String(CALLS), String(CONCURRENCY)]
  const { stdout } = await promisify(execFile)(process.execPath, client).finally(() => server.kill())
  // What test/soak/client.ts prints.
  const report = JSON.parse(stdout) as {
    settled: { results: number; errors: Record<string, number> }
    started: number
    unhandled: number
    before: Record<string, number>
    after: Record<string, number>
    listeners: number
    heaps: number[]
  }
  const { results, errors } = report.settled
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
  expect(results + failed).toBe(CALLS + CONCURRENCY)
  expect(report).toMatchObject({ started: CALLS + CONCURRENCY, unhandled: 0, listeners: 0, after: report.before })
  // The faults have come, and each kind of error with them.
  expect(failed).toBeGreaterThan(CALLS / 100)
  expect(Object.keys(errors).sort()).toEqual(['ApiError', 'ConnectionError', 'TimeoutError', 'UnexpectedResponseError'])
  // After a fifth of the calls the heap has found its size.
  const growth = medianOf(report.heaps.slice(6)) / medianOf(report.heaps.slice(2, 6)) - 1
  expect(growth).toBeLessThan(0.05)
})

/** A single measurement may be some percent off: it depends on where the last answers stood. */
function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
