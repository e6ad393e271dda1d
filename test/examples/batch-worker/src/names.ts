// The names in Redis.
import { createHash } from 'node:crypto'
import type { Settings } from './settings.js'

type Named = Pick<Settings, 'batch'>

export const QUEUE = 'files'

/** In Redis Cluster, keys with the same braces are in one place. */
export function prefixOf({ batch }: Named): string {
  return `{${batch}}`
}

/** A name that BullMQ allows for a job, and that is short enough for `UserData`. */
export function keyOf(file: string): string {
  return createHash('sha256').update(file).digest('base64url').slice(0, 22)
}

/** The channel on which a callback wakes the worker that waits for the job. */
export function wakeChannel(settings: Named): string {
  return `${prefixOf(settings)}:wake`
}
