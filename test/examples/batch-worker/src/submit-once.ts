import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, CloudMediaError, ConfigurationError, RequestValidationError } from 'cloud-media-clients'
import { keyOf } from './names.js'
import type { Provider } from './provider.js'
import type { Settings } from './settings.js'

/** What a claim has led to. */
export type Claim =
  /** The caller must submit now, or release the claim. */
  | { readonly kind: 'granted'; readonly epoch: number }
  /** A submission began, and its outcome is not known. */
  | { readonly kind: 'begun'; readonly epoch: number; readonly ageMs: number; readonly at: Date }
  | { readonly kind: 'submitted'; readonly id: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'in doubt' }

/** What is recorded of a submission, for all processes. */
export interface SubmissionRecords {
  /**
   * Announces a submission, unless one has begun, or has succeeded.
   *
   * @param seen the epoch of a submission that certainly did not run and never will; 0 if there is none
   * @param sender names this claim, so that a repeated command is told from another sender
   */
  claim(file: string, seen: number, sender: string): Promise<Claim>
  /** Takes a claim back: certainly nothing was submitted. */
  release(file: string, epoch: number): Promise<void>
  /** Keeps why the outcome of a submission is not known. */
  lost(file: string, epoch: number, error: string): Promise<void>
  /** Keeps the ID of the job. Returns the one that counts: a file that has two is among the duplicates. */
  submitted(file: string, id: string): Promise<string>
  /** Sets a file aside whose submission may have run. */
  setAside(file: string, epoch: number): Promise<void>
}

export interface SubmitContext {
  readonly records: SubmissionRecords
  readonly provider: Provider
  readonly settings: Pick<Settings, 'batch' | 'graceMs' | 'hesitationMs' | 'findSince'>
  /** Names this process. */
  readonly worker: string
  /** Ends a wait for the grace time. A submission is not interrupted. */
  readonly signal: AbortSignal
}

/** How far a file is. */
export type Submission =
  | Extract<Claim, { kind: 'submitted' | 'ended' | 'in doubt' }>
  /** The provider, or the client, rejected the request, and would again. */
  | { readonly kind: 'refused'; readonly error: CloudMediaError }

let claims = 0

/**
 * Submits a file, unless any process has done so before.
 *
 * The record comes before the request, and is never older than `hesitationMs` when the request begins; the client sends
 * nothing after its `totalTimeoutMs`. So once a record is older than the grace time, its job is in the provider's list,
 * or will never exist.
 *
 * @throws CloudMediaError that did not run, or AbortError
 */
export async function submitOnce(file: string, context: SubmitContext): Promise<Submission> {
  const { records, provider, settings, worker, signal } = context
  const userData = `${settings.batch}/${keyOf(file)}`
  const find = async (since: Date): Promise<number> => {
    const ids = (await provider.find?.(file, userData, since)) ?? []
    for (const id of ids) await records.submitted(file, id)
    return ids.length
  }
  if (settings.findSince !== undefined) await find(settings.findSince)
  // The epoch of the submission that is proved not to have run.
  let disproved = 0
  for (;;) {
    signal.throwIfAborted()
    const startedMs = performance.now()
    const claim = await records.claim(file, disproved, `${worker} ${String(++claims)}`)
    if (claim.kind !== 'begun' && claim.kind !== 'granted') return claim
    if (claim.kind === 'begun') {
      const leftMs = settings.graceMs - claim.ageMs
      if (leftMs > 0) {
        await sleep(leftMs, undefined, { signal })
      } else if (provider.find === undefined) {
        await records.setAside(file, claim.epoch)
      } else if ((await find(claim.at)) === 0) {
        disproved = claim.epoch
      }
      continue
    }
    if (performance.now() - startedMs > settings.hesitationMs) {
      await records.release(file, claim.epoch)
      continue
    }
    let id: string
    try {
      id = await provider.submit(file, userData)
    } catch (error) {
      if (!(error instanceof CloudMediaError) || error.mayHaveRun) {
        await records.lost(file, claim.epoch, String(error))
        continue
      }
      await records.release(file, claim.epoch)
      if (isAboutRequest(error)) return { kind: 'refused', error }
      throw error
    }
    return { kind: 'submitted', id: await keepId(file, id, records) }
  }
}

/** A paid job is known by its ID alone, so this goes on for as long as Redis rejects it, such as with a full disk. */
async function keepId(file: string, id: string, records: SubmissionRecords): Promise<string> {
  for (;;) {
    try {
      return await records.submitted(file, id)
    } catch (error) {
      console.error(`${file}: its ID ${id} is not recorded yet: ${String(error)}`)
      await sleep(1_000)
    }
  }
}

/** Whether the same request would be rejected again, unlike one with a wrong key or a throttled one. */
function isAboutRequest(error: CloudMediaError): boolean {
  if (error instanceof RequestValidationError || error instanceof ConfigurationError) return true
  return error instanceof ApiError && error.status < 500 && ![401, 403, 429].includes(error.status)
}
