import { CloudMediaError } from './errors.js'
import type { AssetInfo, Job } from './wait-results.js'

/** What is known when a wait ends without success. */
export interface WaitFailure<Item> {
  /** Name of the method, such as `waitForJob`. */
  readonly operation: string
  readonly id: string
  /** As last read, without credentials; undefined if no read returned it. */
  readonly item: Item | undefined
  /** Number of reads, including failed ones. */
  readonly reads: number
  /** Milliseconds since the start of the wait. */
  readonly elapsedMs: number
  readonly cause?: unknown
}

/** The properties of the errors of a wait. A wait submits nothing, so `mayHaveRun` is false. `attempts` equals `reads`. */
abstract class WaitError extends CloudMediaError {
  /** The ID of the job or asset. */
  readonly id: string
  /** Number of reads, including failed ones. */
  readonly reads: number
  /** Milliseconds since the start of the wait. */
  readonly elapsedMs: number

  constructor(what: string, hint: string, failure: WaitFailure<unknown>) {
    const { operation, id, reads, elapsedMs } = failure
    const cause = failure.cause === undefined ? {} : { cause: failure.cause }
    super(`${operation}: ${what}`, { operation, attempts: reads, mayHaveRun: false, hint, ...cause })
    this.id = id
    this.reads = reads
    this.elapsedMs = elapsedMs
  }
}

abstract class JobError extends WaitError {
  /** The job as last read, without credentials; undefined if no read returned it. */
  readonly job: Job | undefined

  constructor(what: string, hint: string, failure: WaitFailure<Job>) {
    super(what, hint, failure)
    this.job = failure.item
  }
}

abstract class AssetError extends WaitError {
  /** The asset as last read, without credentials; undefined if no read returned it. */
  readonly asset: AssetInfo | undefined

  constructor(what: string, hint: string, failure: WaitFailure<AssetInfo>) {
    super(what, hint, failure)
    this.asset = failure.item
  }
}

/** What the provider says about a failure. */
export interface FailureReason {
  /** The provider's code, such as that of a job, or the state of an asset; undefined if there is none. */
  readonly code: string | undefined
  /** The provider's explanation, complete, with its line breaks; empty if there is none. */
  readonly providerMessage: string
}

function reasonIn({ code, providerMessage }: FailureReason): string {
  return `${code ?? 'no code'}${providerMessage === '' ? '' : `: ${providerMessage}`}`
}

/** The job failed. */
export class JobFailedError extends JobError implements FailureReason {
  override get name(): 'JobFailedError' {
    return 'JobFailedError'
  }

  /** The job's `Code`; undefined if it has none. */
  readonly code: string | undefined
  /** The job's `Message`, complete, with its line breaks; empty if it has none. */
  readonly providerMessage: string

  constructor(reason: FailureReason, failure: WaitFailure<Job>) {
    const hint =
      'Fix the cause that code and providerMessage state, then submit a new job. This one does not run again.'
    super(`job ${failure.id} failed: ${reasonIn(reason)}`, hint, failure)
    this.code = reason.code
    this.providerMessage = reason.providerMessage
  }
}

/** The job was canceled. */
export class JobCancelledError extends JobError {
  override get name(): 'JobCancelledError' {
    return 'JobCancelledError'
  }

  constructor(failure: WaitFailure<Job>) {
    super(`job ${failure.id} was canceled`, 'If you still need the result, submit a new job.', failure)
  }
}

/** The provider has no job with the ID. */
export class JobNotFoundError extends JobError {
  override get name(): 'JobNotFoundError' {
    return 'JobNotFoundError'
  }

  constructor(failure: WaitFailure<Job>) {
    const hint = 'Check the ID, and that the client has the bucket and the region of the job.'
    super(`job ${failure.id} does not exist`, hint, failure)
  }
}

/** The asset failed, or was deleted. */
export class AssetFailedError extends AssetError implements FailureReason {
  override get name(): 'AssetFailedError' {
    return 'AssetFailedError'
  }

  /** The asset's `status`, such as `UPLOAD_FAILED`. */
  readonly code: string | undefined
  /** The asset's `description`, complete, with its line breaks; empty if it has none. */
  readonly providerMessage: string

  constructor(reason: FailureReason, failure: WaitFailure<AssetInfo>) {
    const hint = 'Fix the cause that code and providerMessage state, then create a new asset.'
    super(`asset ${failure.id} failed: ${reasonIn(reason)}`, hint, failure)
    this.code = reason.code
    this.providerMessage = reason.providerMessage
  }
}

/** The creation of the asset was canceled. */
export class AssetCancelledError extends AssetError {
  override get name(): 'AssetCancelledError' {
    return 'AssetCancelledError'
  }

  constructor(failure: WaitFailure<AssetInfo>) {
    super(`asset ${failure.id} was canceled`, 'If you still need the asset, create a new one.', failure)
  }
}

/** The provider has no asset with the ID. */
export class AssetNotFoundError extends AssetError {
  override get name(): 'AssetNotFoundError' {
    return 'AssetNotFoundError'
  }

  constructor(failure: WaitFailure<AssetInfo>) {
    const hint = 'Check the ID, and that the client has the project and the region of the asset.'
    super(`asset ${failure.id} does not exist`, hint, failure)
  }
}

/**
 * A job or an asset did not finish within `timeoutMs`. It continues nevertheless: wait again with its ID. `cause` is
 * the error of the last read, if that failed.
 */
export class WaitTimeoutError extends WaitError {
  override get name(): 'WaitTimeoutError' {
    return 'WaitTimeoutError'
  }

  /** The job as last read, without credentials; undefined if no read returned it, or for an asset. */
  readonly job: Job | undefined
  /** The asset as last read, without credentials; undefined if no read returned it, or for a job. */
  readonly asset: AssetInfo | undefined

  /** @param state the last one that was read */
  constructor(
    timeoutMs: number,
    state: string | undefined,
    last: { readonly job: Job | undefined } | { readonly asset: AssetInfo | undefined },
    failure: WaitFailure<unknown>,
  ) {
    const { id, operation } = failure
    const what = 'job' in last ? 'job' : 'asset'
    const lastState = state === undefined ? 'no state was read' : `the last state is ${state}`
    const hint = `Do not submit it again: it may still finish. To resume, call ${operation} again with the same ID.`
    super(`${what} ${id} did not finish within timeoutMs (${String(timeoutMs)} ms): ${lastState}`, hint, failure)
    this.job = 'job' in last ? last.job : undefined
    this.asset = 'asset' in last ? last.asset : undefined
  }
}
