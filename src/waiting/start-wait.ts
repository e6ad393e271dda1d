import { CloudMediaError, RequestValidationError } from '../errors/errors.js'
import { isText } from '../type-guards.js'
import { readWaitOptions, type PollFacts, type WaitOptions, type WaitSettings } from './options.js'
import type { SharedReads } from './shared-reads.js'

/**
 * Waits for an item of a caller's request.
 *
 * @param readId reads the ID from what the caller gave, which may be anything
 * @param pollOf what `onPoll` receives
 * @throws RequestValidationError for the ID, ConfigurationError for an option, and the errors of the wait
 */
export async function startWait<Item, Poll>(
  reads: SharedReads<Item>,
  readId: () => unknown,
  options: WaitOptions<Poll> | undefined,
  pollOf: (facts: PollFacts, item: Item) => Poll,
): Promise<Item> {
  return reads.waitFor(...readRequest(reads.operation, readId, options, pollOf))
}

function readRequest<Item, Poll>(
  operation: string,
  readId: () => unknown,
  options: WaitOptions<Poll> | undefined,
  pollOf: (facts: PollFacts, item: Item) => Poll,
): [id: string, settings: WaitSettings<Item>] {
  try {
    const id = readId()
    if (!isText(id))
      throw new RequestValidationError(operation, [{ path: '', message: 'the ID must be text, and not empty' }])
    return [id, readWaitOptions(options, pollOf)]
  } catch (error) {
    if (error instanceof CloudMediaError) throw error
    // The error of a getter or a proxy may hold anything.
    const message = 'must be readable: a getter or proxy has thrown'
    throw new RequestValidationError(operation, [{ path: '', message }])
  }
}
