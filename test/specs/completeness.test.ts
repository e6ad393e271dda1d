import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCallbacks } from '../../src/testing/callbacks.js'
import { createIds } from '../../src/testing/ids.js'
import { createAssets } from '../../src/testing/huawei-vod/assets.js'
import { emulateHuaweiVod } from '../../src/testing/huawei-vod/service.js'
import { emulatorSettings } from '../../src/testing/options.js'
import { createJobs } from '../../src/testing/tencent-ci/jobs.js'
import { emulateTencentCi } from '../../src/testing/tencent-ci/service.js'
import { huaweiClient, tencentClient } from '../support/clients.js'
import { specOperations } from './operations.js'

const settings = emulatorSettings({})
const ids = createIds('0')
const callbacks = createCallbacks(
  settings,
  () => undefined,
  () => undefined,
)

const providers = [
  {
    provider: 'huawei-vod',
    service: 'Huawei Cloud VOD',
    client: huaweiClient(),
    others: ['raw', 'waitForAsset', 'eachAsset'],
    emulated: emulateHuaweiVod(settings, createAssets(settings, callbacks), ids),
  },
  {
    provider: 'tencent-ci',
    service: 'Tencent Cloud CI',
    client: tencentClient(),
    others: ['raw', 'waitForJob', 'eachJob', 'findJob', 'confirmCallback'],
    emulated: emulateTencentCi(settings, createJobs(settings, callbacks), ids, callbacks),
  },
] as const

it('knows the provider of every operation', () => {
  const known: readonly string[] = providers.map(({ provider }) => provider)
  expect(
    specOperations.map(({ id, provider }) => ({ id, provider })).filter((one) => !known.includes(one.provider)),
  ).toEqual([])
})

describe.each(providers)('the operations of $provider', ({ provider, service, client, others, emulated }) => {
  const operationIds = specOperations
    .filter((one) => one.provider === provider)
    .map(({ id }) => id)
    .sort()

  it('are the methods of its client, beside those that put them together', () => {
    expect(Object.keys(client).sort()).toEqual([...operationIds, ...others].sort())
  })

  it('are the routes of the emulator', () => {
    expect([...emulated.operations].sort()).toEqual(operationIds)
  })

  it('are the rows of the table in the README', () => {
    expect(
      rowsOfReadme()
        .filter((row) => row.service === service)
        .map(({ method }) => method)
        .sort(),
    ).toEqual(operationIds)
  })
})

function rowsOfReadme(): { method: string; service: string }[] {
  const rows = readFileSync('README.md', 'utf8').matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)
  return Array.from(rows, ([, method = '', service = '']) => ({ method, service }))
}
