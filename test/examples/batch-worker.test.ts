// The batch worker is a package of its own, which only test:batch installs.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSettings } from './batch-worker/src/settings.js'

interface Manifest {
  readonly version: string
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const FOLDER = 'test/examples/batch-worker'

// The boundary to JSON files.
const own = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as Manifest
const library = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const readme = readFileSync(`${FOLDER}/README.md`, 'utf8')

describe('the batch worker', () => {
  it('uses the versions of the library', () => {
    expect(own.dependencies['cloud-media-clients']).toBe(library.version)
    const { tsx } = own.dependencies
    const { '@types/node': node, typescript } = own.devDependencies
    expect(library.devDependencies).toMatchObject({ tsx, '@types/node': node, typescript })
  })

  it('has each command of its README', () => {
    const commands = [...new Set(Array.from(readme.matchAll(/npm run ([\w:-]+)/g), ([, command]) => command))]
    expect(commands.toSorted()).toEqual(
      Object.keys(own.scripts)
        .filter((name) => name !== 'typecheck')
        .toSorted(),
    )
  })

  it('explains every variable that it reads in its README', () => {
    const names = ['settings', 'receive', 'status', 'clients', 'requests', 'huawei-vod', 'tencent-ci'].flatMap((file) =>
      Array.from(
        readFileSync(`${FOLDER}/src/${file}.ts`, 'utf8').matchAll(
          /(?:'|\b)([A-Z][A-Z_]*_[A-Z]+|BATCH|OPERATION|ENDPOINT)'/g,
        ),
        ([, name = '']) => name,
      ),
    )
    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => !readme.includes(`\`${name}\``) && !readme.includes(`${name}=`))).toEqual([])
  })
})

describe('the settings of the batch worker', () => {
  const REQUIRED = { BATCH: 'first', OPERATION: 'createNoiseReductionJob' }

  it('give a submission its grace time', () => {
    const environment = { HESITATION_MS: '1', TOTAL_TIMEOUT_MS: '20', FLIGHT_MS: '300', LIST_LAG_MS: '4000' }
    expect(readSettings({ ...REQUIRED, ...environment }).graceMs).toBe(4_321)
  })

  it.each([
    ['BATCH', 'a:b', 'BATCH must be 1 to 40 letters, digits, _ and -'],
    ['OPERATION', 'unpublishAssets', /^OPERATION must be one of createNoiseReductionJob, /],
    ['LOCK_MS', 'long', 'LOCK_MS must be a number, at least 0'],
    ['FIND_SINCE', 'yesterday', 'FIND_SINCE must be a time, such as 2026-01-31T12:00:00Z'],
  ])('name a variable that is wrong: %s', (name, value, message) => {
    expect(() => readSettings({ ...REQUIRED, [name]: value })).toThrow(message)
  })
})
