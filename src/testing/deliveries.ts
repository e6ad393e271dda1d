import { excerptOf, MESSAGE_LENGTH } from '../errors/excerpt.js'
import { plainFailure } from '../transport/failure-reason.js'
import type { SignedCallback } from './signed-callback.js'
import { startTimer } from './timer.js'

/** A callback and its outcome. */
export interface RecordedCallback {
  /** `job` is a callback of CI, `mfs` and `smn` are the two ways in which VOD sends an event. */
  readonly kind: 'job' | 'mfs' | 'smn'
  /** The ID of the job, or of the audio. */
  readonly id: string
  /** Where it is sent. */
  readonly url: string
  /** By lowercase name, including the signature; empty until it is signed. */
  readonly headers: Readonly<Record<string, string>>
  /** The body; empty until it is signed. */
  readonly body: string
  /** Number of requests so far. */
  readonly attempts: number
  /** Status of the last response; undefined if the last request had none. */
  readonly status: number | undefined
  /** Why the last request had no response, or why nothing was sent. */
  readonly error: string | undefined
  /**
   * What became of it.
   *
   * - `pending`: being sent, or waiting for the next attempt.
   * - `delivered`: the receiver responded with a status from 200 to 299.
   * - `failed`: given up.
   * - `not-allowed`: nothing was sent, as the emulator must not call the URL.
   */
  readonly state: 'pending' | 'delivered' | 'failed' | 'not-allowed'
}

/** A callback to send. */
export interface OutgoingCallback extends Pick<RecordedCallback, 'kind' | 'id' | 'url'> {
  readonly sign: () => SignedCallback | Promise<SignedCallback>
  /** Why it must not be sent; undefined if it may. */
  readonly forbidden?: string | undefined
}

/** The callbacks of an emulator until it is reset. */
export interface Deliveries {
  /** Never throws. */
  readonly send: (callback: OutgoingCallback) => void
  /** Resolves once the callbacks so far are delivered or given up. Keeps the process alive until then. */
  readonly done: () => Promise<void>
  /** Cancels all pending callbacks. No other follows. */
  readonly close: () => void
}

interface Parts {
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly retryDelaysMs: readonly number[]
  /** Called at once with every callback. The rest of it is added later. */
  readonly onStart: (callback: RecordedCallback) => void
  /** Called when a callback is not pending any longer. */
  readonly onDone: (callback: RecordedCallback) => void
}

type Recorded = { -readonly [Name in keyof RecordedCallback]: RecordedCallback[Name] }

/** As long as SMN waits. MFS and CI do not document a time. */
const TIMEOUT_MS = 5_000

/** More connections at a time could be too many for the receiver. */
const MAX_CONCURRENT = 50

const RESET = 'the emulator was reset'

export function createDeliveries({ fetch, retryDelaysMs, onStart, onDone }: Parts): Deliveries {
  const underWay = new Set<Promise<void>>()
  /** What ends the requests and the delays. */
  const stops = new Set<() => void>()
  const queue: (() => void)[] = []
  let sending = 0
  let isClosed = false

  async function deliver({ sign, forbidden, ...callback }: OutgoingCallback): Promise<void> {
    const nothing = { headers: {}, body: '', attempts: 0, status: undefined }
    const state = forbidden === undefined ? 'pending' : 'not-allowed'
    const record: Recorded = { ...callback, ...nothing, error: forbidden, state }
    onStart(record)
    try {
      const { headers, body } = await sign()
      Object.assign(record, { headers: Object.fromEntries(new Headers(headers)), body })
    } catch (error) {
      Object.assign(record, { state: 'failed', error: reasonOf(error) })
    }
    if (record.state === 'pending') await sendUntilDone(record)
    onDone(record)
  }

  async function sendUntilDone(record: Recorded): Promise<void> {
    for (;;) {
      const { status, error } = await inTurn(() => sendOnce(record))
      Object.assign(record, { status, error })
      if (status !== undefined && status >= 200 && status < 300) {
        record.state = 'delivered'
        return
      }
      const delayMs = mayRetry(record) ? retryDelaysMs[record.attempts - 1] : undefined
      if (delayMs !== undefined && !isClosed) await pause(delayMs)
      if (delayMs === undefined || isClosed) {
        record.state = 'failed'
        return
      }
    }
  }

  async function sendOnce(record: Recorded): Promise<Pick<RecordedCallback, 'status' | 'error'>> {
    if (isClosed) return { status: undefined, error: RESET }
    record.attempts += 1
    const { url, headers, body } = record
    const gone = new AbortController()
    const aborted = new Promise<never>((_, reject) => {
      gone.signal.addEventListener('abort', () => {
        reject(new Error(isClosed ? RESET : `no response within ${String(TIMEOUT_MS)} ms`))
      })
    })
    const stop = (): void => {
      gone.abort()
    }
    const stopTimer = startTimer(TIMEOUT_MS, stop)
    stops.add(stop)
    try {
      const request = new Request(url, { method: 'POST', headers, body, redirect: 'manual', signal: gone.signal })
      // A fetch that the user gives may not heed the signal.
      const response = await Promise.race([aborted, fetch(request)])
      // The status is all that counts.
      response.body?.cancel().catch(() => undefined)
      return { status: response.status, error: undefined }
    } catch (error) {
      return { status: undefined, error: reasonOf(error) }
    } finally {
      stopTimer()
      stops.delete(stop)
    }
  }

  /** Runs an action once there are not too many. */
  async function inTurn<Value>(action: () => Promise<Value>): Promise<Value> {
    if (sending < MAX_CONCURRENT) sending += 1
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await action()
    } finally {
      const next = queue.shift()
      if (next === undefined) sending -= 1
      else next()
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        stopTimer()
        stops.delete(stop)
        resolve()
      }
      const stopTimer = startTimer(ms, stop)
      stops.add(stop)
    })
  }

  return {
    send: (callback) => {
      if (isClosed) return
      // What it awaits never rejects.
      const delivery: Promise<void> = deliver(callback).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    done: async () => {
      const keepsAlive = setInterval(() => undefined, 2 ** 30)
      await Promise.all(underWay)
      clearInterval(keepsAlive)
    },
    close: () => {
      isClosed = true
      for (const stop of stops) stop()
    },
  }
}

/**
 * SMN tries again only after a status of 500 or above. MFS and CI document nothing: it is assumed that they also try
 * again if there was no response.
 */
function mayRetry({ kind, status }: RecordedCallback): boolean {
  return status === undefined ? kind !== 'smn' : status >= 500
}

function reasonOf(error: unknown): string {
  const { code, message } = plainFailure(error)
  return excerptOf(code === undefined ? message : `${message}: ${code}`, MESSAGE_LENGTH)
}
