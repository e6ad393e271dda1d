// What the clients of both providers share.
import {
  AssetCancelledError,
  AssetFailedError,
  AssetNotFoundError,
  JobCancelledError,
  JobFailedError,
  JobNotFoundError,
  type CommonOptions,
} from 'cloud-media-clients'
import type { Outcome } from './provider.js'
import type { Settings } from './settings.js'

/** @param onThrottle receives the milliseconds for which the provider wants no requests */
export function clientOptions({ totalTimeoutMs }: Settings, onThrottle: (ms: number) => void): CommonOptions {
  const endpoint = process.env['ENDPOINT']
  return {
    ...(endpoint !== undefined && { endpoint }),
    totalTimeoutMs,
    onAttempt: ({ again }) => {
      if (again?.reason === 'throttled') onThrottle(again.delayMs)
    },
  }
}

/** Of a wait for a job that has ended. */
const ENDS = [
  JobFailedError,
  JobCancelledError,
  JobNotFoundError,
  AssetFailedError,
  AssetCancelledError,
  AssetNotFoundError,
]

/** @param wait returns where the result is, once the job has succeeded */
export async function outcomeOf(id: string, wait: () => Promise<string | undefined>): Promise<Outcome> {
  try {
    return { state: 'succeeded', id, result: await wait() }
  } catch (error) {
    if (!ENDS.some((kind) => error instanceof kind)) throw error
    return { state: 'failed', id, error: String(error) }
  }
}
