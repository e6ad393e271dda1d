import { describe, expect, it } from 'vitest'
import * as library from '../../src/index.js'
import type {
  AttemptEvent,
  HuaweiVodClientOptions,
  TencentCiClientOptions,
  WaitForJobOptions,
} from '../../src/index.js'
import type { EmulatorOptions } from '../../src/testing/index.js'
import { specOperations } from '../specs/operations.js'
import { documents } from '../support/documents.js'

const guides = new Map(documents().map(({ name, text }) => [name, text]))

/** The guide that explains each option. The types reject an option that is missing here. */
const CLIENT: Record<keyof (HuaweiVodClientOptions & TencentCiClientOptions), string> = {
  region: 'quick-start-tencent',
  bucket: 'quick-start-tencent',
  projectId: 'quick-start-huawei',
  credentials: 'credentials',
  endpoint: 'proxies',
  allowInsecure: 'proxies',
  timeoutMs: 'errors-and-retries',
  totalTimeoutMs: 'errors-and-retries',
  maxAttempts: 'errors-and-retries',
  fetch: 'runtimes',
  agent: 'proxies',
  userAgent: 'runtimes',
  now: 'runtimes',
  sleep: 'runtimes',
  random: 'runtimes',
  onAttempt: 'observability',
}

const WAIT: Record<keyof WaitForJobOptions, string> = {
  timeoutMs: 'waiting-and-recovering',
  pollIntervalMs: 'waiting-and-recovering',
  signal: 'waiting-and-recovering',
  onPoll: 'waiting-and-recovering',
}

const EMULATOR: Record<keyof EmulatorOptions, string> = {
  huawei: 'testing',
  tencent: 'testing',
  now: 'testing',
  queueDurationMs: 'testing',
  jobDurationMs: 'testing',
  assetDelayMs: 'testing',
  seed: 'testing',
  callbacks: 'testing',
  onRequest: 'testing',
  onCallback: 'testing',
}

const EVENT: Record<keyof AttemptEvent, string> = {
  operation: 'observability',
  method: 'observability',
  url: 'observability',
  attempt: 'observability',
  status: 'observability',
  requestId: 'observability',
  durationMs: 'observability',
  error: 'observability',
  again: 'observability',
}

describe('the guides explain every', () => {
  it.each([
    ['option of a client', CLIENT],
    ['option of a wait', WAIT],
    ['option of the emulator', EMULATOR],
    ['field of an attempt', EVENT],
  ])('%s', (_, places) => {
    const missing = Object.entries(places).filter(([name, guide]) => !namesInCode(guides.get(guide)).has(name))
    expect(missing).toEqual([])
  })

  it('error class, in a row of a table', () => {
    const rows = [...guides.values()].flatMap((text) => text.split('\n').filter((line) => line.startsWith('| ')))
    const classes = Object.entries(library).filter(([, value]) => isErrorClass(value))
    expect(classes.length).toBeGreaterThan(10)
    expect(classes.map(([name]) => name).filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([])
  })
})

it('the rate limits in the guide are those of the descriptions', () => {
  const limits = specOperations.flatMap(({ id, operation: { description } }) => {
    const limit = /One tenant can send ([\d,]+) requests\s+per minute, and all tenants together ([\d,]+)/.exec(
      typeof description === 'string' ? description : '',
    )
    return limit === null ? [] : [[id, limit[1], limit[2]]]
  })
  const rows = Array.from(
    (guides.get('limits') ?? '').matchAll(/^\| \[`(\w+)`\]\(site:operations\S+ +\| ([\d,]+) +\| ([\d,]+)/gm),
    ([, id, tenant, all]) => [id, tenant, all],
  )
  expect(rows.length).toBeGreaterThan(3)
  expect(rows.sort()).toEqual(limits.sort())
})

/** The words between backticks. */
function namesInCode(text = ''): ReadonlySet<string> {
  return new Set(
    Array.from(text.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code).flatMap((code) => code.split(/\W+/)),
  )
}

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof Error
}
