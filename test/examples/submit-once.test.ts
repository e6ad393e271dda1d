// What the batch worker does before and after a submission. `npm run test:batch` tests its scripts in Redis.
import { describe, expect, it } from 'vitest'
import { ApiError, TimeoutError } from 'cloud-media-clients'
import { keyOf } from './batch-worker/src/names.js'
import { submitOnce, type Claim, type SubmissionRecords, type SubmitContext } from './batch-worker/src/submit-once.js'
import { pause } from '../support/wire-servers.js'

const GRACE_MS = 60
const FILE = 'in/a.wav'
const USER_DATA = `first/${keyOf(FILE)}`
const GRANTED: Claim = { kind: 'granted', epoch: 1 }
const NOT_RUN = { operation: 'createNoiseReductionJob', attempts: 1, mayHaveRun: false }
const REFUSAL = { code: 'X', providerMessage: '', requestId: undefined, traceId: undefined, ids: [], summary: '' }

interface World {
  /** What the record says to one claim after the other. */
  readonly claims: readonly (Claim | (() => Promise<Claim>))[]
  readonly submit?: () => Promise<string>
  readonly find?: (since: Date) => Promise<string[]>
  readonly settings?: Partial<SubmitContext['settings']>
}

/** Submits once, and tells the steps. */
async function stepsOf({ claims, submit, find, settings }: World): Promise<{ steps: string[]; result: unknown }> {
  const steps: string[] = []
  const left = [...claims]
  let recorded: string | undefined
  const records: SubmissionRecords = {
    claim: async (_file, seen) => {
      steps.push(`claim ${String(seen)}`)
      const claim = left.shift()
      if (typeof claim === 'function') return claim()
      if (claim !== undefined) return claim
      if (recorded === undefined) throw new Error('one claim too many')
      return { kind: 'submitted', id: recorded }
    },
    release: (_file, epoch) => {
      steps.push(`release ${String(epoch)}`)
      return Promise.resolve()
    },
    lost: () => {
      steps.push('lost')
      return Promise.resolve()
    },
    submitted: (_file, id) => {
      steps.push(`submitted ${id}`)
      recorded ??= id
      return Promise.resolve(recorded)
    },
    setAside: () => {
      steps.push('set aside')
      return Promise.resolve()
    },
  }
  const context: SubmitContext = {
    records,
    provider: {
      submit: (file, userData) => {
        expect([file, userData]).toEqual([FILE, USER_DATA])
        steps.push('submit')
        return submit?.() ?? Promise.resolve('j1')
      },
      ...(find && {
        find: (_file: string, _userData: string, since: Date) => {
          steps.push('find')
          return find(since)
        },
      }),
      outcomeOf: () => Promise.reject(new Error('not called')),
    },
    settings: { batch: 'first', graceMs: GRACE_MS, hesitationMs: 500, findSince: undefined, ...settings },
    worker: 'worker',
    signal: new AbortController().signal,
  }
  const result = await submitOnce(FILE, context).catch((error: unknown) => error)
  return { steps, result }
}

const begun = (ageMs: number): Claim => ({ kind: 'begun', epoch: 1, ageMs, at: new Date(0) })

describe('submitOnce of the batch worker', () => {
  it('records that it begins, submits, and records the ID', async () => {
    const { steps, result } = await stepsOf({ claims: [GRANTED] })
    expect(steps).toEqual(['claim 0', 'submit', 'submitted j1'])
    expect(result).toEqual({ kind: 'submitted', id: 'j1' })
  })

  it.each<Claim>([{ kind: 'ended' }, { kind: 'in doubt' }, { kind: 'submitted', id: 'j0' }])(
    'does not submit a file that is $kind',
    async (claim) => {
      expect(await stepsOf({ claims: [claim] })).toEqual({ steps: ['claim 0'], result: claim })
    },
  )

  it('takes a record back that took too long', async () => {
    const slow = async (): Promise<Claim> => {
      await pause(40)
      return GRANTED
    }
    const { steps } = await stepsOf({ claims: [slow, GRANTED], settings: { hesitationMs: 20 } })
    expect(steps).toEqual(['claim 0', 'release 1', 'claim 0', 'submit', 'submitted j1'])
  })

  it('waits for the grace time before it asks for a job', async () => {
    const startedMs = performance.now()
    const { steps, result } = await stepsOf({
      claims: [begun(GRACE_MS - 40), begun(GRACE_MS)],
      find: () => Promise.resolve(['j7']),
    })
    expect(performance.now() - startedMs).toBeGreaterThan(35)
    expect(steps).toEqual(['claim 0', 'claim 0', 'find', 'submitted j7', 'claim 0'])
    expect(result).toEqual({ kind: 'submitted', id: 'j7' })
  })

  it('submits again only after it asked, and names the submission that did not run', async () => {
    const { steps } = await stepsOf({ claims: [begun(GRACE_MS), GRANTED], find: () => Promise.resolve([]) })
    expect(steps).toEqual(['claim 0', 'find', 'claim 1', 'submit', 'submitted j1'])
  })

  it('sets a file aside if the provider cannot be asked', async () => {
    const { steps, result } = await stepsOf({ claims: [begun(GRACE_MS), { kind: 'in doubt' }] })
    expect(steps).toEqual(['claim 0', 'set aside', 'claim 0'])
    expect(result).toEqual({ kind: 'in doubt' })
  })

  it('does not submit again if the question fails', async () => {
    const failure = new Error('the list is away')
    const { steps, result } = await stepsOf({ claims: [begun(GRACE_MS)], find: () => Promise.reject(failure) })
    expect(steps).toEqual(['claim 0', 'find'])
    expect(result).toBe(failure)
  })

  it.each([
    ['may have run', () => new TimeoutError('no response', { ...NOT_RUN, mayHaveRun: true })],
    ['is not known', () => new Error('a defect')],
  ])('keeps its record if the submission %s', async (_, failure) => {
    const { steps } = await stepsOf({
      claims: [GRANTED, { kind: 'in doubt' }],
      submit: () => Promise.reject(failure()),
    })
    expect(steps).toEqual(['claim 0', 'submit', 'lost', 'claim 0'])
  })

  it.each([
    [400, { kind: 'refused' }],
    [403, { status: 403 }],
    [429, { status: 429 }],
    [503, { status: 503 }],
  ])('takes its record back after status %i that proves that nothing ran', async (status, expected) => {
    const error = new ApiError({ ...REFUSAL, status }, NOT_RUN)
    const { steps, result } = await stepsOf({ claims: [GRANTED], submit: () => Promise.reject(error) })
    expect(steps).toEqual(['claim 0', 'submit', 'release 1'])
    expect(result).toMatchObject(expected)
  })

  it('asks for a job first if records may be lost', async () => {
    const since = new Date(5)
    const { steps, result } = await stepsOf({
      claims: [],
      settings: { findSince: since },
      find: (at) => Promise.resolve(at === since ? ['j3'] : []),
    })
    expect(steps).toEqual(['find', 'submitted j3', 'claim 0'])
    expect(result).toEqual({ kind: 'submitted', id: 'j3' })
  })
})
