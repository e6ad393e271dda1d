import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/index.js'
import { Process } from './processes.js'
import type { TrialProvider } from './providers.js'
import { RedisServer } from './redis-server.js'

const execute = promisify(execFile)

export interface BatchInput {
  /** The folder in which the application is installed. */
  readonly application: string
  readonly provider: TrialProvider
  readonly files: readonly string[]
  readonly emulator?: EmulatorOptions
  /** Settings of the application. */
  readonly environment: Readonly<Record<string, string>>
}

/** A line of the results. */
export interface Result {
  readonly file: string
  readonly state: string
  readonly id?: string
  readonly error?: string
}

const NAME = 'trial'

/** A batch with a Redis and an emulator of its own. */
export class Batch {
  readonly emulator: Emulator
  readonly redis: RedisServer
  readonly files: readonly string[]
  /** What all its commands know; a command that starts later knows what was added. */
  readonly environment: Record<string, string>
  readonly #input: BatchInput
  readonly #folder: string
  readonly #close: () => Promise<void>
  readonly #processes: Process[] = []
  /** Called when a submission has arrived. */
  onSubmission: () => unknown = () => undefined

  private constructor(
    input: BatchInput,
    folder: string,
    redis: RedisServer,
    emulator: Emulator,
    listening: { readonly url: string; readonly close: () => Promise<void> },
  ) {
    this.#input = input
    this.#folder = folder
    this.files = input.files
    this.redis = redis
    this.emulator = emulator
    this.#close = () => listening.close()
    this.environment = {
      ...input.provider.environment,
      BATCH: NAME,
      REDIS_URL: redis.url,
      ENDPOINT: listening.url,
      ...input.environment,
    }
  }

  static async start(input: BatchInput): Promise<Batch> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'batch-'))
    const { OPERATION } = input.provider.environment
    const options = { ...input.provider.options(input.files), ...input.emulator }
    const emulator = createEmulator({
      ...options,
      huawei: { ...input.provider.options(input.files).huawei, ...input.emulator?.huawei },
      onRequest: (request) => {
        options.onRequest?.(request)
        if (request.operation === OPERATION) batch.onSubmission()
      },
    })
    const batch = new Batch(input, folder, await RedisServer.start(folder), emulator, await emulator.listen())
    return batch
  }

  /** Runs a command to its end, and returns what it prints. */
  async run(command: string, ...parameters: string[]): Promise<string> {
    const { stdout } = await execute(process.execPath, ['--import', 'tsx', `src/${command}.ts`, ...parameters], {
      cwd: this.#input.application,
      env: { ...process.env, ...this.environment },
    })
    return stdout
  }

  /** Starts a command that starts again whenever it is killed. */
  start(command: string, ...parameters: string[]): Process {
    const started = new Process(this.#input.application, command, parameters, { ...this.environment }, this.#log)
    this.#processes.push(started)
    return started
  }

  async enqueue(): Promise<void> {
    const list = path.join(this.#folder, 'files.txt')
    await writeFile(list, this.files.join('\n'))
    await this.run('enqueue', list)
  }

  /** The file that the results go to. */
  get resultsFile(): string {
    return path.join(this.#folder, 'results.jsonl')
  }

  /** Writes the results that are not in their file yet, and returns all of them. */
  async results(): Promise<Result[]> {
    await this.run('results', this.resultsFile, '--once')
    const lines = (await readFile(this.resultsFile, 'utf8')).split('\n').filter((line) => line !== '')
    // The boundary to the files of the application.
    return lines.map((line) => JSON.parse(line) as Result)
  }

  /** How many files have ended. */
  async ended(): Promise<number> {
    const counts = await this.redis.ask('HMGET', `{${NAME}}:counts`, 'succeeded', 'failed', 'refused')
    return counts.reduce((sum, count) => sum + Number(count), 0)
  }

  async doubts(): Promise<string[]> {
    return (await this.redis.ask('ZRANGE', `{${NAME}}:doubts`, '0', '-1')).filter((file) => file !== '')
  }

  /** Fields of the record of a file. */
  record(file: string, ...fields: string[]): Promise<string[]> {
    return this.redis.ask('HMGET', `{${NAME}}:file:${file}`, ...fields)
  }

  /** A number of the batch, such as `claims`. */
  async count(name: string): Promise<number> {
    return Number((await this.redis.ask('HGET', `{${NAME}}:counts`, name))[0])
  }

  /** How many jobs of files are left in BullMQ. */
  async waiting(): Promise<number> {
    const key = `{${NAME}}:files`
    const [waiting, active, delayed] = await Promise.all([
      this.redis.ask('LLEN', `${key}:wait`),
      this.redis.ask('LLEN', `${key}:active`),
      this.redis.ask('ZCARD', `${key}:delayed`),
    ])
    return [waiting, active, delayed].reduce((sum, [count]) => sum + Number(count), 0)
  }

  /** How often each file ran. */
  runs(): Map<string, number> {
    return this.#input.provider.runs(this.emulator)
  }

  /** What the commands have printed. */
  log(): Promise<string> {
    return readFile(this.#log, 'utf8').catch(() => '')
  }

  async close(): Promise<void> {
    for (const one of this.#processes) one.end()
    this.redis.stop()
    await this.#close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #log(): string {
    return path.join(this.#folder, 'log.txt')
  }
}
