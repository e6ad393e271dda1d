import { createHash } from 'node:crypto'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { Settings } from './settings.js'

/** What BullMQ keeps of a file. */
export interface FileJob {
  readonly file: string
}

export const QUEUE = 'files'

/** A connection that waits for Redis as long as it is away, and then repeats the command: each of ours may be repeated. */
export function connect({ redisUrl }: Settings): Redis {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  })
  // Without a listener, ioredis prints each failed attempt to connect.
  redis.on('error', () => undefined)
  return redis
}

/** In Redis Cluster, keys with the same braces are in one place. */
export function prefixOf({ batch }: Settings): string {
  return `{${batch}}`
}

export function openQueue(settings: Settings, connection: Redis): Queue<FileJob> {
  const queue = new Queue<FileJob>(QUEUE, { connection, prefix: prefixOf(settings) })
  queue.on('error', () => undefined)
  return queue
}

/** A name that BullMQ allows for a job, and that is short enough for `UserData`. */
export function keyOf(file: string): string {
  return createHash('sha256').update(file).digest('base64url').slice(0, 22)
}

/** The channel on which a callback wakes the worker that waits for the job. */
export function wakeChannel(settings: Settings): string {
  return `${prefixOf(settings)}:wake`
}
