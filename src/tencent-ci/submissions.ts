import { operations } from '../../generated/tencent-ci/operations.js'
import type { NoiseReductionRequest, VoiceSeparateRequest } from '../../generated/tencent-ci/types.js'
import { CloudMediaError } from '../errors/errors.js'
import type { Observer } from '../client/client.js'
import { localTimeOf } from '../sending/sending-time.js'
import { isRecord } from '../type-guards.js'

/** A request that creates a job. */
export type JobRequest = VoiceSeparateRequest | NoiseReductionRequest

/** A submission that may have run. */
export interface Doubt {
  readonly request: JobRequest
  /** When it started, in milliseconds of the local clock. */
  readonly startedMs: number
}

const MAX_JOBS = 10_000
const MAX_DOUBTS = 1_000

/** What a client knows of its submissions: the jobs that are certainly of one of them, and those that are in doubt. */
export class Submissions implements Observer {
  /** The local start of the submission in doubt that a job was found for; undefined if its response arrived. */
  readonly #jobs = new Map<string, number | undefined>()
  readonly #doubts: Doubt[] = []

  readonly succeeded = (operation: string, result: unknown): void => {
    if (createsJob(operation) && isRecord(result)) {
      this.#remember(String(result[operations.createVoiceSeparateJob.idFields[0]]), undefined)
    }
  }

  readonly failed = (operation: string, request: unknown, error: unknown): void => {
    const startedAt = error instanceof CloudMediaError ? error.startedAt : undefined
    const startedMs = startedAt && localTimeOf(startedAt)
    if (startedMs === undefined || !createsJob(operation)) return
    // A request that was sent has what its operation requires, or the caller switched validation off.
    this.#doubts.push({ request: request as JobRequest, startedMs })
    if (this.#doubts.length > MAX_DOUBTS) this.#doubts.shift()
  }

  found(jobId: string, startedMs: number | undefined): void {
    if (startedMs !== undefined && !this.#jobs.has(jobId)) this.#remember(jobId, startedMs)
  }

  /**
   * Whether a job is certainly of another submission than the one that started then. Nothing is certain if that is not
   * known: a caller who recorded only a time may have lost the ID of a response.
   */
  isOfAnother(jobId: string, startedMs: number | undefined): boolean {
    return startedMs !== undefined && this.#jobs.has(jobId) && this.#jobs.get(jobId) !== startedMs
  }

  /** The submissions in doubt that are equal to one that started then, without that one. */
  othersInDoubt(startedMs: number | undefined, isEqual: (request: JobRequest) => boolean): readonly Doubt[] {
    // Submissions that differ may start in the same millisecond.
    const equals = this.#doubts.filter(({ request }) => isEqual(request))
    const own = equals.findIndex((doubt) => doubt.startedMs === startedMs)
    return equals.filter((_, index) => index !== own)
  }

  #remember(jobId: string, startedMs: number | undefined): void {
    this.#jobs.set(jobId, startedMs)
    const [oldest] = this.#jobs.keys()
    if (this.#jobs.size > MAX_JOBS && oldest !== undefined) this.#jobs.delete(oldest)
  }
}

function createsJob(operation: string): boolean {
  const { createVoiceSeparateJob, createNoiseReductionJob } = operations
  return operation === createVoiceSeparateJob.name || operation === createNoiseReductionJob.name
}
