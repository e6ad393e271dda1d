import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { prefixOf, QUEUE } from './names.js'
import type { Settings } from './settings.js'

/** What BullMQ keeps of a file. */
export interface FileJob {
  readonly file: string
}

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

export function openQueue(settings: Settings, connection: Redis): Queue<FileJob> {
  const queue = new Queue<FileJob>(QUEUE, { connection, prefix: prefixOf(settings) })
  queue.on('error', () => undefined)
  return queue
}
