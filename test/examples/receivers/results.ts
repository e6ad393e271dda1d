// What both receivers share.
import type { Job, TencentCiClient, VodEvent } from 'cloud-media-clients'
import type { ConfirmSubscriptionOptions, VerifySmnMessageOptions } from 'cloud-media-clients/callbacks'

/** Keeps each result once, as every callback may come more than once. */
export interface Results {
  readonly addJobs: (jobs: readonly Job[]) => void
  readonly addEvent: (event: VodEvent | undefined) => void
}

/** What a receiver needs. */
export interface ReceiverOptions {
  readonly ci: TencentCiClient
  /** The end of the URL in `CallBack`: anybody who knows it can send a callback. */
  readonly secret: string
  /** From the console of VOD. */
  readonly mfsKeys: readonly string[]
  /** The topic of SMN, and what a test replaces. */
  readonly smn: VerifySmnMessageOptions
  readonly confirm?: ConfirmSubscriptionOptions
  readonly print: (line: string) => void
}

/** A server would keep the keys in a database, under a unique index, together with the result. */
export function createResults(print: (line: string) => void): Results {
  const keys = new Set<string>()

  function addOnce(key: string, line: string): void {
    if (keys.has(key)) return
    keys.add(key)
    print(line)
  }

  return {
    addJobs: (jobs) => {
      for (const { JobId, State, Operation } of jobs) {
        // A forged callback may name a job that still runs.
        if (State === 'Success') addOnce(JobId, `${JobId}: ${Operation?.Output?.Object ?? 'done'}`)
        if (State === 'Failed') addOnce(JobId, `${JobId}: failed`)
      }
    },
    addEvent: (event) => {
      // There may be other events, and a topic may have other messages.
      if (event?.audio_extract_info === undefined) return
      const { asset_id, status, url, error_msg } = event.audio_extract_info
      addOnce(asset_id, `${asset_id}: ${status === 'SUCCEED' ? (url ?? 'done') : `failed: ${error_msg ?? ''}`}`)
    },
  }
}
