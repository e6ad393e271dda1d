import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  CloudMediaError,
  JobCancelledError,
  JobFailedError,
  JobNotFoundError,
  WaitTimeoutError,
  type JobPoll,
  type TencentCiClient,
} from '../../src/index.js'
import { NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { timersLeftBy } from '../support/timers.js'
import { createVirtualTime } from '../support/virtual-time.js'

/** A client whose requests get these answers, the last one again and again, and the paths of the requests. */
function clientWith(...answers: (string | Response)[]): { ci: TencentCiClient; paths: string[] } {
  const time = createVirtualTime(NEW_YEAR)
  const paths: string[] = []
  const ci = tencentClient({
    now: time.now,
    sleep: time.sleep,
    random: () => 0,
    fetch: ({ url }) => {
      const { pathname, search } = new URL(url)
      paths.push(pathname + search)
      const answer = answers[Math.min(paths.length, answers.length) - 1] ?? ''
      return Promise.resolve(typeof answer === 'string' ? xml(`<Response>${answer}</Response>`) : answer.clone())
    },
  })
  return { ci, paths }
}

function xml(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/xml' } })
}

function job(state: string, more = '', id = 'j1'): string {
  return `<JobsDetail><JobId>${id}</JobId><State>${state}</State><Tag>NoiseReduction</Tag>${more}</JobsDetail>`
}

const failed = job('Failed', '<Code>InvalidArgument</Code><Message>The file of\nSECRETKEYEXAMPLE is empty</Message>')

describe('waitForJob', () => {
  it('reads a job until it has succeeded', async () => {
    const { ci, paths } = clientWith(job('Submitted'), job('Running', '<Progress>50</Progress>'), job('Success'))
    const polls: JobPoll[] = []
    const done = await ci.waitForJob('j1', { onPoll: (poll) => polls.push(poll) })
    expect(done).toEqual({ JobId: 'j1', State: 'Success', Tag: 'NoiseReduction' })
    expect(paths).toEqual(['/jobs/j1', '/jobs/j1', '/jobs/j1'])
    expect(polls.map(({ job, ...facts }) => [job.State, facts])).toEqual([
      ['Submitted', { state: 'Submitted', progress: undefined, elapsedMs: 0, reads: 1 }],
      ['Running', { state: 'Running', progress: 50, elapsedMs: 2_000, reads: 2 }],
      ['Success', { state: 'Success', progress: undefined, elapsedMs: 3_000, reads: 3 }],
    ])
  })

  it('accepts a job, and does not trust its state', async () => {
    const { ci, paths } = clientWith(job('Success'))
    const submitted = { JobId: 'j1', State: 'Failed', Tag: 'NoiseReduction' } as const
    expect(await ci.waitForJob(submitted)).toMatchObject({ JobId: 'j1', State: 'Success' })
    expect(paths).toHaveLength(1)
  })

  it('shares its requests with all waits of the client', async () => {
    const ids = Array.from({ length: 12 }, (_, number) => `j${String(number)}`)
    const { ci, paths } = clientWith(ids.map((id) => job('Success', '', id)).join(''))
    expect((await Promise.all(ids.map((id) => ci.waitForJob(id)))).map(({ JobId }) => JobId)).toEqual(ids)
    expect(paths).toEqual([`/jobs/${ids.slice(0, 10).join(',')}`, '/jobs/j10,j11'])
  })

  it.each([undefined, '', {}, { JobId: '' }, { JobId: 5 }, null])('does not begin with %j', async (wrong) => {
    const { ci, paths } = clientWith(job('Success'))
    const error = await rejection(ci.waitForJob(wrong as string))
    expect(error).toMatchObject({ name: 'RequestValidationError', operation: 'waitForJob' })
    expect(paths).toHaveLength(0)
  })

  it('rejects with JobFailedError if the job failed', async () => {
    const error = await rejection(clientWith(failed).ci.waitForJob('j1'))
    expect(error).toBeInstanceOf(JobFailedError)
    expect(error).toMatchObject({
      name: 'JobFailedError',
      message: 'waitForJob: job j1 failed: InvalidArgument: The file of SECRETKEYEXAMPLE is empty',
      code: 'InvalidArgument',
      providerMessage: 'The file of\nSECRETKEYEXAMPLE is empty',
      id: 'j1',
      job: { JobId: 'j1', State: 'Failed' },
      operation: 'waitForJob',
      reads: 1,
      attempts: 1,
      elapsedMs: 0,
      mayHaveRun: false,
    })
  })

  it('rejects with an error that can be logged, without credentials', async () => {
    const time = createVirtualTime(NEW_YEAR)
    const ci = tencentClient({
      credentials: { secretId: 'TESTID', secretKey: 'SECRETKEYEXAMPLE' },
      sleep: time.sleep,
      now: time.now,
      fetch: () => Promise.resolve(xml(`<Response>${failed}</Response>`)),
    })
    const error = await rejection(ci.waitForJob('j1'))
    const logged = JSON.stringify(error)
    expect(logged + String(error)).not.toContain('SECRETKEYEXAMPLE')
    expect(JSON.parse(logged)).toEqual({
      name: 'JobFailedError',
      message: 'waitForJob: job j1 failed: InvalidArgument: The file of *** is empty',
      operation: 'waitForJob',
      attempts: 1,
      mayHaveRun: false,
      hint: 'Fix the cause that code and providerMessage state, then submit a new job. This one does not run again.',
      id: 'j1',
      reads: 1,
      elapsedMs: 0,
      job: {
        JobId: 'j1',
        State: 'Failed',
        Tag: 'NoiseReduction',
        Code: 'InvalidArgument',
        Message: 'The file of\n*** is empty',
      },
      code: 'InvalidArgument',
      providerMessage: 'The file of\n*** is empty',
    })
  })

  it('rejects with JobFailedError even if the job does not say why', async () => {
    const error = await rejection(clientWith(job('Failed')).ci.waitForJob('j1'))
    expect(error).toMatchObject({ message: 'waitForJob: job j1 failed: no code', code: undefined, providerMessage: '' })
  })

  it('rejects with JobCancelledError if the job was canceled', async () => {
    const error = await rejection(clientWith(job('Running'), job('Cancel')).ci.waitForJob('j1'))
    expect(error).toBeInstanceOf(JobCancelledError)
    expect(error).toMatchObject({
      name: 'JobCancelledError',
      message: 'waitForJob: job j1 was canceled',
      job: { State: 'Cancel' },
      reads: 2,
    })
  })

  it.each([
    ['is in NonExistJobIds', '<NonExistJobIds>j1</NonExistJobIds>'],
    ['is in it behind a comma', '<NonExistJobIds>j0,j1</NonExistJobIds>'],
    ['is in it behind white space', '<NonExistJobIds>j0\n j1</NonExistJobIds>'],
    ['is a second one', '<NonExistJobIds>j0</NonExistJobIds><NonExistJobIds>j1</NonExistJobIds>'],
    ['has a 404', xml('<Error><Code>NoSuchJob</Code></Error>', 404)],
  ])('rejects with JobNotFoundError if the job %s for five seconds', async (_, answer) => {
    const { ci, paths } = clientWith(answer)
    const error = await rejection(ci.waitForJob('j1'))
    expect(error).toBeInstanceOf(JobNotFoundError)
    expect(error).toMatchObject({ message: 'waitForJob: job j1 does not exist', job: undefined, elapsedMs: 5_000 })
    expect(paths).toHaveLength(3)
  })

  it('rejects at once with the error of the read if the path is wrong', async () => {
    const { ci, paths } = clientWith(xml('<Error><Code>InvalidUrl</Code></Error>', 404))
    const error = await rejection(ci.waitForJob('j1'))
    expect(error).toMatchObject({ name: 'ApiError', operation: 'getJobs', code: 'InvalidUrl' })
    expect(paths).toHaveLength(1)
  })

  it('rejects with WaitTimeoutError after timeoutMs, and says how to resume', async () => {
    const { ci, paths } = clientWith(job('Running'), xml('<Error><Code>InternalError</Code></Error>', 500))
    const error = await rejection(ci.waitForJob('j1', { timeoutMs: 4_000 }))
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(error).toBeInstanceOf(CloudMediaError)
    expect(error).toMatchObject({
      name: 'WaitTimeoutError',
      message: 'waitForJob: job j1 did not finish within timeoutMs (4000 ms): the last state is Running',
      hint: 'Do not submit it again: it may still finish. To resume, call waitForJob again with the same ID.',
      id: 'j1',
      job: { State: 'Running' },
      asset: undefined,
      reads: 3,
      elapsedMs: 4_000,
      mayHaveRun: false,
      cause: { code: 'InternalError' },
    })
    expect(paths).toHaveLength(3)
  })

  it('can be aborted', async () => {
    const { ci } = clientWith(job('Running'))
    const controller = new AbortController()
    const onPoll = (): void => {
      controller.abort('enough')
    }
    const error = await rejection(ci.waitForJob('j1', { signal: controller.signal, onPoll }))
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ operation: 'waitForJob', cause: 'enough' })
  })
})

describe('in real time', () => {
  const fetch = (): Promise<Response> => Promise.resolve(xml(`<Response>${job('Running')}</Response>`))
  const now = Date.now

  it('a wait ends at its deadline, and leaves no timer', async () => {
    const startedAt = performance.now()
    const left = await timersLeftBy(async () => {
      const waits = ['j1', 'j2'].map((id) =>
        rejection(tencentClient({ fetch, now }).waitForJob(id, { timeoutMs: 200 })),
      )
      for (const error of await Promise.all(waits)) expect(error).toMatchObject({ name: 'WaitTimeoutError' })
    })
    expect(performance.now() - startedAt).toBeGreaterThan(190)
    expect(left).toBe(0)
  })

  it('an abort ends the sleep, and leaves no timer', async () => {
    const left = await timersLeftBy(async () => {
      const signal = AbortSignal.timeout(50)
      const error = await rejection(tencentClient({ fetch, now }).waitForJob('j1', { signal }))
      expect(error).toMatchObject({ name: 'AbortError', attempts: 1 })
    })
    expect(left).toBe(0)
  })
})

describe('eachJob', () => {
  const pages = [
    job('Success', '', 'j1') + job('Failed', '', 'j2') + '<NextToken>t&amp;2</NextToken>',
    job('Success', '', 'j3') + '<NextToken></NextToken>',
  ]

  async function idsOf(jobs: AsyncIterable<{ JobId: string }>): Promise<string[]> {
    const ids: string[] = []
    for await (const { JobId } of jobs) ids.push(JobId)
    return ids
  }

  it('returns the jobs of all pages', async () => {
    const { ci, paths } = clientWith(...pages)
    expect(await idsOf(ci.eachJob({ tag: 'NoiseReduction', states: ['Success', 'Failed'] }))).toEqual([
      'j1',
      'j2',
      'j3',
    ])
    const first = '/jobs?tag=NoiseReduction&states=Success,Failed&size=100'
    expect(paths.map(parametersOf)).toEqual([first, `${first}&nextToken=t%262`].map(parametersOf))
  })

  it('continues from a token, with a size', async () => {
    const { ci, paths } = clientWith(...pages)
    expect(await idsOf(ci.eachJob({ tag: 'NoiseReduction', size: 7, nextToken: 't1' }, { limit: 2 }))).toEqual([
      'j1',
      'j2',
    ])
    expect(paths.map(parametersOf)).toEqual(['/jobs?tag=NoiseReduction&size=7&nextToken=t1'].map(parametersOf))
  })

  it('can be aborted', async () => {
    const { ci } = clientWith(...pages)
    const jobs = ci.eachJob({ tag: 'NoiseReduction' }, { signal: AbortSignal.abort() })
    expect(await rejection(idsOf(jobs))).toMatchObject({ name: 'AbortError', operation: 'listJobs' })
  })

  it('rejects a wrong query', async () => {
    const { ci, paths } = clientWith(...pages)
    expect(await rejection(idsOf(ci.eachJob({} as { tag: string })))).toMatchObject({ name: 'RequestValidationError' })
    expect(paths).toHaveLength(0)
  })
})

/** The order of the parameters does not matter. */
function parametersOf(path: string): unknown {
  const { pathname, searchParams } = new URL(path, 'http://localhost')
  return [pathname, Object.fromEntries(searchParams)]
}
