import { ApiError, ConfigurationError, RequestValidationError } from 'cloud-media-clients'
import { submitOnce, type Submission, type SubmitContext } from './submit-once.js'

export interface ProcessContext extends SubmitContext {
  /** An error that every other file would get as well. */
  readonly onKeysRefused: (error: ApiError) => Promise<void>
  /** A signal that a callback for the job aborts, to have it read at once. */
  readonly wakeOf: (id: string) => { readonly signal: AbortSignal; readonly forget: () => void }
}

/**
 * Submits a file, waits for the end of its job, and records it. Returns false if the file is in doubt; rejects if it is to
 * be repeated.
 */
export async function processFile(file: string, context: ProcessContext): Promise<boolean> {
  const { records, provider, signal } = context
  let submission: Submission
  try {
    submission = await submitOnce(file, context)
  } catch (error) {
    if (isAboutKeys(error)) await context.onKeysRefused(error)
    if (!isAboutRequest(error)) throw error
    await records.end(file, { state: 'refused', error: String(error) })
    return true
  }
  if (submission.kind !== 'submitted') return submission.kind === 'ended'
  const { id } = submission
  for (;;) {
    const wake = context.wakeOf(id)
    try {
      await records.end(file, await provider.outcomeOf(id, AbortSignal.any([signal, wake.signal])))
      return true
    } catch (error) {
      if (signal.aborted || !wake.signal.aborted) throw error
    } finally {
      wake.forget()
    }
  }
}

/** Refused requests with wrong keys can lock the key. */
function isAboutKeys(error: unknown): error is ApiError {
  return error instanceof ApiError && [401, 403].includes(error.status)
}

/** Whether the same request would be rejected again. */
function isAboutRequest(error: unknown): boolean {
  if (error instanceof RequestValidationError || error instanceof ConfigurationError) return true
  return error instanceof ApiError && error.status < 500 && error.status !== 429 && !isAboutKeys(error)
}
