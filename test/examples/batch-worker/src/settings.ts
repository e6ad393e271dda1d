// The settings, from the environment.

const OPERATIONS = ['createNoiseReductionJob', 'createVoiceSeparateJob', 'createExtractAudioTask'] as const

export interface Settings {
  readonly redisUrl: string
  /** The name of the batch: one file is submitted once per batch. All keys in Redis begin with it. */
  readonly batch: string
  readonly operation: (typeof OPERATIONS)[number]
  /** How many files one process works on at a time; most of them only wait. */
  readonly concurrency: number
  /** At most `max` files are begun in `duration` milliseconds, by all processes together. */
  readonly limiter: { readonly max: number; readonly duration: number }
  /** Milliseconds from a record to the call that it announces, at most. */
  readonly hesitationMs: number
  /** Milliseconds of a submission with all attempts, at most. */
  readonly totalTimeoutMs: number
  /** Milliseconds after a record at which its job is in the provider's list, if there is one. */
  readonly graceMs: number
  /** If records may be lost: the provider is asked for a job since then before a file is submitted. */
  readonly findSince: Date | undefined
  /** Milliseconds between two reads of a job. */
  readonly pollIntervalMs: number
  /** Milliseconds after which BullMQ gives the files of a dead process to another. */
  readonly lockMs: number
  /** Milliseconds after which a file in doubt is looked at again. Each look counts toward the limit. */
  readonly doubtIntervalMs: number
  /** Milliseconds in which no file begins, after a throttle whose end is not known. */
  readonly throttleMs: number
  /** Where callbacks arrive, as the provider reaches it; undefined: no callbacks. */
  readonly callbackUrl: string | undefined
}

/** @throws Error that names the variable and its rule */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const number = (name: string, standard: number): number => {
    const value = Number(environment[name] ?? standard)
    if (!(value >= 0)) throw new Error(`${name} must be a number, at least 0`)
    return value
  }
  const operation = OPERATIONS.find((name) => name === environment['OPERATION'])
  if (operation === undefined) throw new Error(`OPERATION must be one of ${OPERATIONS.join(', ')}`)
  const batch = environment['BATCH'] ?? ''
  if (!/^[\w-]{1,40}$/.test(batch)) throw new Error('BATCH must be 1 to 40 letters, digits, _ and -')
  const callbackUrl = environment['CALLBACK_URL']
  const findSince = environment['FIND_SINCE'] === undefined ? undefined : new Date(environment['FIND_SINCE'])
  if (Number.isNaN(findSince?.getTime())) throw new Error('FIND_SINCE must be a time, such as 2026-01-31T12:00:00Z')
  const hesitationMs = number('HESITATION_MS', 2_000)
  const totalTimeoutMs = number('TOTAL_TIMEOUT_MS', 20_000)
  return {
    redisUrl: environment['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
    batch,
    operation,
    concurrency: number('CONCURRENCY', 200),
    // A window of BullMQ is fixed, so that two of them would allow twice the rate at their border.
    limiter: { max: number('LIMIT_FILES', 1), duration: number('LIMIT_MS', 620) },
    hesitationMs,
    totalTimeoutMs,
    graceMs: hesitationMs + totalTimeoutMs + number('FLIGHT_MS', 20_000) + number('LIST_LAG_MS', 60_000),
    findSince,
    pollIntervalMs: number('POLL_INTERVAL_MS', callbackUrl === undefined ? 10_000 : 60_000),
    lockMs: number('LOCK_MS', 30_000),
    doubtIntervalMs: number('DOUBT_INTERVAL_MS', 21_600_000),
    throttleMs: number('THROTTLE_MS', 10_000),
    callbackUrl,
  }
}
