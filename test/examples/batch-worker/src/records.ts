// What is known of each file, in Redis. It decides who may submit a file: a lock of BullMQ expires, a record does not.
import type { Redis } from 'ioredis'
import { prefixOf } from './names.js'
import type { Outcome } from './provider.js'
import type { Settings } from './settings.js'
import type { Claim, SubmissionRecords } from './submit-once.js'

/** A file whose submission may have run, and whose provider cannot be asked. */
export interface Doubt {
  readonly file: string
  /** When the submission began, by the clock of Redis. */
  readonly at: Date
  /** The process that submitted it. */
  readonly sender: string
  readonly error: string
}

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** Each script may run twice: after a lost connection, its command is sent again. */
const SCRIPTS = {
  claim: `${NOW}
local epoch, at, sender, id, ended, doubt = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'at', 'sender', 'id', 'ended', 'doubt'))
if ended then return { 'ended' } end
if id then return { 'submitted', id } end
if doubt then return { 'in doubt' } end
epoch = tonumber(epoch or 0)
if at and sender == ARGV[3] then return { 'granted', epoch } end
if at and epoch ~= tonumber(ARGV[2]) then return { 'begun', epoch, now - at, at } end
redis.call('HSET', KEYS[1], 'epoch', epoch + 1, 'at', now, 'sender', ARGV[3])
redis.call('HDEL', KEYS[1], 'error')
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('HINCRBY', KEYS[3], 'claims', 1)
return { 'granted', epoch + 1 }`,

  release: `
local epoch, id = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'id'))
if id or epoch ~= ARGV[2] then return end
redis.call('HDEL', KEYS[1], 'at', 'sender', 'error', 'doubt')
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])`,

  lost: `
local epoch, id = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'id'))
if id or epoch ~= ARGV[1] then return end
if redis.call('HSET', KEYS[1], 'error', ARGV[2]) == 1 then redis.call('HINCRBY', KEYS[2], 'lost', 1) end`,

  submitted: `${NOW}
local id, ended = unpack(redis.call('HMGET', KEYS[1], 'id', 'ended'))
if id and id ~= ARGV[2] then redis.call('SADD', KEYS[5], ARGV[1] .. ' ' .. id .. ' ' .. ARGV[2]) end
if id or ended then return id or ARGV[2] end
redis.call('HSET', KEYS[1], 'id', ARGV[2])
redis.call('HDEL', KEYS[1], 'at', 'sender', 'doubt', 'error')
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[4], now, ARGV[1])
return ARGV[2]`,

  setAside: `
local epoch, id, at = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'id', 'at'))
if id or epoch ~= ARGV[2] or not at then return end
redis.call('HSET', KEYS[1], 'doubt', 1)
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], at, ARGV[1])`,

  end: `
if redis.call('HSETNX', KEYS[1], 'ended', ARGV[2]) == 0 then return end
redis.call('HDEL', KEYS[1], 'at', 'sender', 'doubt', 'error')
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('HINCRBY', KEYS[5], ARGV[2], 1)
redis.call('XADD', KEYS[6], '*', 'line', ARGV[3])`,
} as const

/** Runs a script by its hash; after a restart, Redis may not know it. */
type Run = (name: keyof typeof SCRIPTS, keys: readonly string[], ...values: (string | number)[]) => Promise<unknown>

export class Records implements SubmissionRecords {
  readonly #run: Run
  readonly #redis: Redis
  readonly #prefix: string

  constructor(redis: Redis, settings: Settings) {
    this.#redis = redis
    this.#prefix = prefixOf(settings)
    for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(`file:${name}`, { lua })
    this.#run = (name, keys, ...values) => {
      // defineCommand adds a method whose type ioredis cannot know.
      const methods = redis as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>
      const command = methods[`file:${name}`]
      if (command === undefined) throw new Error(`no script ${name}`)
      return command.call(redis, keys.length, ...keys, ...values)
    }
  }

  async claim(file: string, seen: number, sender: string): Promise<Claim> {
    const reply = await this.#run(
      'claim',
      [this.#record(file), this.#key('sending'), this.#key('counts')],
      file,
      seen,
      sender,
    )
    const [kind, first, ageMs, at] = (reply as unknown[]).map(String)
    switch (kind) {
      case 'granted':
        return { kind, epoch: Number(first) }
      case 'begun':
        return { kind, epoch: Number(first), ageMs: Number(ageMs), at: new Date(Number(at)) }
      case 'submitted':
        return { kind, id: first ?? '' }
      case 'ended':
      case 'in doubt':
        return { kind }
      default:
        throw new Error(`unknown reply ${String(kind)}`)
    }
  }

  async release(file: string, epoch: number): Promise<void> {
    const sets = ['sending', 'doubts'].map((name) => this.#key(name))
    await this.#run('release', [this.#record(file), ...sets], file, epoch)
  }

  async lost(file: string, epoch: number, error: string): Promise<void> {
    await this.#run('lost', [this.#record(file), this.#key('counts')], epoch, error)
  }

  async submitted(file: string, id: string): Promise<string> {
    const sets = ['sending', 'doubts', 'running', 'duplicates'].map((name) => this.#key(name))
    return String(await this.#run('submitted', [this.#record(file), ...sets], file, id))
  }

  async setAside(file: string, epoch: number): Promise<void> {
    await this.#run('setAside', [this.#record(file), this.#key('sending'), this.#key('doubts')], file, epoch)
  }

  /** Writes the result, once. */
  async end(file: string, outcome: Outcome): Promise<void> {
    const sets = ['sending', 'doubts', 'running', 'counts', 'results'].map((name) => this.#key(name))
    const line = JSON.stringify({ file, ...outcome, at: new Date().toISOString() })
    await this.#run('end', [this.#record(file), ...sets], file, outcome.state, line)
  }

  /** The files in doubt, the oldest first. */
  async doubts(): Promise<Doubt[]> {
    const rows = await this.#redis.zrange(this.#key('doubts'), '0', '-1', 'WITHSCORES')
    const files = rows.filter((_, index) => index % 2 === 0)
    return Promise.all(
      files.map(async (file, index) => {
        const [sender, error] = await this.#redis.hmget(this.#record(file), 'sender', 'error')
        return {
          file,
          at: new Date(Number(rows[2 * index + 1])),
          sender: sender ?? '',
          error: error ?? 'the process ended before it had a response',
        }
      }),
    )
  }

  /** An operator knows that the submission of a file in doubt did not run. */
  async clear(file: string): Promise<void> {
    await this.#redis
      .multi()
      .hdel(this.#record(file), 'at', 'sender', 'doubt', 'error')
      .zrem(this.#key('doubts'), file)
      .exec()
  }

  /** Numbers of files by state, and milliseconds since the oldest of each entered it. */
  async counts(): Promise<{ counts: Record<string, number>; ages: Record<string, number> }> {
    const sets = ['sending', 'running', 'doubts'] as const
    const [totals, duplicates, [seconds], ...rows] = await Promise.all([
      this.#redis.hgetall(this.#key('counts')),
      this.#redis.scard(this.#key('duplicates')),
      this.#redis.time(),
      ...sets.map(async (name) => ({
        name,
        count: await this.#redis.zcard(this.#key(name)),
        oldest: (await this.#redis.zrange(this.#key(name), '0', '0', 'WITHSCORES'))[1],
      })),
    ])
    const counts: Record<string, number> = { duplicates }
    for (const [name, count] of Object.entries(totals)) counts[name] = Number(count)
    const ages: Record<string, number> = {}
    for (const { name, count, oldest } of rows) {
      counts[name] = count
      ages[name] = oldest === undefined ? 0 : Math.max(0, Number(seconds) * 1_000 - Number(oldest))
    }
    return { counts, ages }
  }

  get resultsKey(): string {
    return this.#key('results')
  }

  #key(name: string): string {
    return `${this.#prefix}:${name}`
  }

  #record(file: string): string {
    return `${this.#prefix}:file:${file}`
  }
}
