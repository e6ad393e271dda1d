// What both receivers do with a result. Nothing in it is there for its tests.
import type { Job, VodEvent } from 'cloud-media-clients'

/** Keeps each result once, as every callback may come more than once. */
export interface Results {
  readonly addJobs: (jobs: readonly Job[]) => void
  readonly addEvent: (event: VodEvent) => void
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
    addEvent: ({ audio_extract_info: audio }) => {
      // The topic may have other events.
      if (audio === undefined) return
      const { asset_id, status, url, error_msg } = audio
      addOnce(asset_id, `${asset_id}: ${status === 'SUCCEED' ? (url ?? 'done') : `failed: ${error_msg ?? ''}`}`)
    },
  }
}
