import { ApiError, TimeoutError } from 'cloud-media-clients'
import type { Outcome, PollOptions } from './provider.js'
import { submitOnce, type SubmissionRecords, type SubmitContext } from './submit-once.js'
import type { Settings } from './settings.js'

export interface ProcessContext extends SubmitContext {
  readonly records: SubmissionRecords & {
    /** Writes the result, once. */
    end(file: string, outcome: Outcome): Promise<void>
  }
  readonly settings: SubmitContext['settings'] & Pick<Settings, 'pollIntervalMs'>
  /** An error that every other file would get as well. */
  readonly onKeysRefused: (error: ApiError) => Promise<void>
  /** The provider throttles for longer than a submission may take. */
  readonly onThrottled: () => Promise<void>
  /** A signal that is aborted by a callback for the job, to have it read at once, and when the worker stops. */
  readonly wakeOf: (id: string) => { readonly signal: AbortSignal; readonly forget: () => void }
}

/**
 * Submits a file, waits for the end of its job, and records it. Returns false if the file is in doubt; rejects if it is to
 * be repeated.
 */
export async function processFile(file: string, context: ProcessContext): Promise<boolean> {
  try {
    const submission = await submitOnce(file, context)
    switch (submission.kind) {
      case 'in doubt':
        return false
      case 'refused':
        await context.records.end(file, { state: 'refused', error: String(submission.error) })
        return true
      case 'submitted':
        await recordEnd(file, submission.id, context)
        return true
      case 'ended':
        return true
    }
  } catch (error) {
    // More requests with wrong keys can lock the key.
    if (error instanceof ApiError && [401, 403].includes(error.status)) await context.onKeysRefused(error)
    if (isThrottled(error)) await context.onThrottled()
    throw error
  }
}

/** Whether the provider has throttled a request, or the client did not send it for this reason. */
function isThrottled(error: unknown): boolean {
  const answer = error instanceof TimeoutError ? error.cause : error
  return answer instanceof ApiError && (answer.status === 429 || answer.code === 'SlowDown')
}

async function recordEnd(file: string, id: string, context: ProcessContext): Promise<void> {
  const { records, provider, settings, signal } = context
  let interval: Pick<PollOptions, 'pollIntervalMs'> = { pollIntervalMs: settings.pollIntervalMs }
  for (;;) {
    signal.throwIfAborted()
    const wake = context.wakeOf(id)
    try {
      const outcome = await provider.outcomeOf(id, { ...interval, signal: wake.signal })
      await records.end(file, outcome)
      return
    } catch (error) {
      if (signal.aborted || !wake.signal.aborted) throw error
      // The job has ended. With a long interval, also the first read of a wait is late.
      interval = {}
    } finally {
      wake.forget()
    }
  }
}
