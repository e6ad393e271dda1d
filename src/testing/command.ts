#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { isRecord } from '../type-guards.js'
import { ConfigurationError } from '../errors/errors.js'
import { suggestionFor } from '../client/suggestion.js'
import { version } from '../version.js'
import { createEmulator, type Emulator } from './emulator.js'
import { emulatorSettings, type EventOptions } from './options.js'

const NAME = 'cloud-media-emulator'

const defaults = emulatorSettings({})

const HELP = `Local emulator of Huawei Cloud VOD and Tencent Cloud CI, without an account.

Usage: ${NAME} [options]

  --port <number>           port to listen on, 0 for any free port    (default: 4010)
  --host <name>             address to listen on                      (default: 127.0.0.1, this machine only)
  --project-id <id>         Huawei project that owns the assets       (default: ${defaults.huawei.projectId})
  --asset <id>              ID of an existing asset; repeatable       (default: those of the documented examples)
  --bucket <name>           Tencent bucket with its APPID             (default: ${defaults.tencent.bucket})
  --region <name>           region of the bucket                      (default: ${defaults.tencent.region})
  --queue-duration-ms <ms>  time that a job or extraction is queued   (default: 0)
  --job-duration-ms <ms>    time that it runs after that              (default: 0)
  --asset-delay-ms <ms>     time until a new asset can be read        (default: 0)
  --event-url <url>         URL that receives the events of Huawei    (default: none)
  --mfs-key <key>           key that signs events of Huawei's MFS     (default: no signature)
  --smn-topic-urn <urn>     topic of SMN, for events through SMN      (default: events through MFS)
  --callback-allow <origin> origin that jobs may call back to besides
                            the loopback addresses; repeatable        (default: that of --event-url)
  --seed <text>             seed of all IDs                           (default: 0)
  --json                    print one JSON object per line
  --help                    print this help and exit
  --version                 print the version and exit

Stop it with Ctrl+C or SIGTERM.`

const OPTIONS = {
  port: { type: 'string', default: '4010' },
  host: { type: 'string' },
  'project-id': { type: 'string' },
  asset: { type: 'string', multiple: true },
  bucket: { type: 'string' },
  region: { type: 'string' },
  'queue-duration-ms': { type: 'string', default: '0' },
  'job-duration-ms': { type: 'string', default: '0' },
  'asset-delay-ms': { type: 'string', default: '0' },
  'event-url': { type: 'string' },
  'mfs-key': { type: 'string' },
  'smn-topic-urn': { type: 'string' },
  'callback-allow': { type: 'string', multiple: true },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

/** The flags that are not called as their options are. */
const FLAGS = new Map([
  ['events.url', 'event-url'],
  ['events.key', 'mfs-key'],
  ['events.topicUrn', 'smn-topic-urn'],
  ['callbacks.allow', 'callback-allow'],
])

// A reader that closes the pipe, such as "head -1", does not stop the emulator.
process.stdout.on('error', () => undefined)

// Not awaited: the command is CommonJS in the package.
run().catch((error: unknown) => {
  process.stderr.write(`${NAME}: ${reasonOf(error)}\n`)
  process.exitCode = 1
})

async function run(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help || values.version) {
    print(values.help ? HELP : version)
    return
  }
  const { 'project-id': projectId, asset, bucket, region, seed, host, json } = values
  const emulator = createEmulator({
    huawei: given({ projectId, assets: asset?.map((asset_id) => ({ asset_id })), events: eventOptions(values) }),
    tencent: given({ bucket, region }),
    queueDurationMs: numberOf('queue-duration-ms', values['queue-duration-ms'], Infinity),
    jobDurationMs: numberOf('job-duration-ms', values['job-duration-ms'], Infinity),
    assetDelayMs: numberOf('asset-delay-ms', values['asset-delay-ms'], Infinity),
    callbacks: given({ allow: values['callback-allow'] }),
    ...given({ seed }),
    onRequest: ({ method, url, operation, status, code, fault }) => {
      const time = new Date().toISOString()
      const facts = { time, method, path: new URL(url).pathname, operation, status, code, fault }
      const known = Object.values(facts).filter((fact) => fact !== undefined)
      print(json ? JSON.stringify({ event: 'request', ...facts }) : known.join(' '))
    },
    onCallback: ({ kind, id, url, attempts, status, error, state }) => {
      const time = new Date().toISOString()
      // The path of the URL may be secret.
      const to = URL.canParse(url) ? new URL(url).origin : 'an invalid URL'
      const facts = { time, kind, id, to, attempts, status, error, state }
      const line = [time, 'callback', kind, id, to, status, error, state].filter((fact) => fact !== undefined)
      print(json ? JSON.stringify({ event: 'callback', ...facts }) : line.join(' '))
    },
  })
  const { url, close } = await emulator.listen({ port: numberOf('port', values.port, 65_535), ...given({ host }) })
  print(
    json ? JSON.stringify({ event: 'listening', url, ...emulator.options }, withoutKey) : introduction(url, emulator),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A callback that is under way would keep the process alive.
      emulator.reset()
      void close()
    })
  }
}

type EventFlags = Readonly<Partial<Record<'event-url' | 'mfs-key' | 'smn-topic-urn', string>>>

function eventOptions({
  'event-url': url,
  'mfs-key': key,
  'smn-topic-urn': topicUrn,
}: EventFlags): EventOptions | undefined {
  const options = given({ url, key, topicUrn })
  // Without its URL, the check of the options says that it is missing.
  return Object.keys(options).length === 0 ? undefined : { url: '', ...options }
}

/** The key of MFS may be a real one, unlike those of the emulator. */
function withoutKey(name: string, value: unknown): unknown {
  return name === 'key' ? undefined : value
}

/** The options without undefined ones, which would replace their defaults. */
function given<Options extends object>(options: Options): { [Name in keyof Options]?: NonNullable<Options[Name]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  // Only undefined values were removed.
  return Object.fromEntries(entries) as { [Name in keyof Options]?: NonNullable<Options[Name]> }
}

function numberOf(option: string, text: string, highest: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (number <= highest) return number
  throw new RangeError(
    `--${option} must be a whole number from 0${highest === Infinity ? '' : ` to ${String(highest)}`}`,
  )
}

/** The credentials and the code to use the emulator. */
function introduction(url: string, { options: { huawei, tencent } }: Emulator): string {
  return `${NAME} ${version} listens on ${url}

Fake credentials, for the shell:
  export HUAWEICLOUD_SDK_AK=${huawei.credentials.accessKeyId}
  export HUAWEICLOUD_SDK_SK=${huawei.credentials.secretAccessKey}
  export HUAWEICLOUD_SDK_PROJECT_ID=${huawei.projectId}
  export HUAWEICLOUD_TOKEN=${huawei.tokens[0] ?? ''}
  export TENCENTCLOUD_SECRET_ID=${tencent.credentials.secretId}
  export TENCENTCLOUD_SECRET_KEY=${tencent.credentials.secretKey}

A client of each provider:
  import {
    createHuaweiVodClient,
    createTencentCiClient,
    huaweiCredentialsFromEnv,
    tencentCredentialsFromEnv,
  } from 'cloud-media-clients'

  const endpoint = '${url}'
  const key = huaweiCredentialsFromEnv()
  const vod = createHuaweiVodClient({ endpoint, projectId: key.projectId, credentials: key })
  const ci = createTencentCiClient({
    endpoint,
    region: '${tencent.region}',
    bucket: '${tencent.bucket}',
    credentials: tencentCredentialsFromEnv(),
  })

Huawei assets: ${huawei.assets.map(({ asset_id }) => asset_id).join(', ')}
Huawei token:  ${huawei.tokens.join(', ')}
Tencent:       bucket ${tencent.bucket} in ${tencent.region}
Control:       ${url}/_emulator/state, and more in the guide "Testing with the emulator"

Requests:`
}

/** The reason on one line. */
function reasonOf(error: unknown): string {
  const code = isRecord(error) ? error['code'] : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'EADDRINUSE') return 'the port is in use; choose another one with --port, or 0 for any free port'
  const unknown = /^Unknown option '--?([^']+)'/.exec(message)?.[1]
  const known = Object.keys(OPTIONS).map((option) => `--${option}`)
  if (unknown !== undefined) return `--${unknown} is not an option; ${suggestionFor(`--${unknown}`, known)}`
  if (error instanceof ConfigurationError) {
    const option = error.option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return `--${message.replace(error.option, FLAGS.get(error.option) ?? option)}`
  }
  return message.split('\n')[0] ?? ''
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
