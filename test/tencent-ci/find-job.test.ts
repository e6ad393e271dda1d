import { describe, expect, it } from 'vitest'
import {
  AmbiguousJobError,
  CloudMediaError,
  createTencentCiClient,
  type NoiseReductionRequest,
  type TencentCiClient,
} from '../../src/tencent-ci/index.js'
import { NEW_YEAR } from '../support/clients.js'
import { seededRandom } from '../support/random.js'

const MINUTE_MS = 60_000

interface CreatedJob {
  readonly id: string
  readonly body: string
  readonly createdMs: number
}

/** What becomes of a submission. */
type Fate = 'answered' | 'lost after it ran' | 'lost before it ran'

/** A service whose clock is off, and that loses responses. */
class World {
  localMs = NEW_YEAR
  readonly jobs: CreatedJob[] = []
  readonly client: TencentCiClient
  fate: Fate = 'answered'
  #created = 0
  readonly #skewMs: number
  readonly #pageSize: number

  constructor(skewMs: number, pageSize = 2) {
    this.#skewMs = skewMs
    this.#pageSize = pageSize
    this.client = createTencentCiClient({
      region: 'ap-beijing',
      bucket: 'examplebucket-1250000000',
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
      now: () => this.localMs,
      sleep: () => Promise.resolve(),
      fetch: (request) => this.#answer(request),
    })
  }

  /** A job of another client. */
  create(body: string): CreatedJob {
    this.#created += 1
    const job = { id: `j${String(this.#created)}`, body, createdMs: this.localMs + this.#skewMs }
    this.jobs.unshift(job)
    return job
  }

  async #answer(request: Request): Promise<Response> {
    this.localMs += 40
    if (request.method === 'GET') return this.#list(new URL(request.url))
    const body = await request.text()
    if (this.fate === 'lost before it ran') throw new TypeError('terminated')
    const job = this.create(body)
    if (this.fate === 'lost after it ran') throw new TypeError('terminated')
    return this.#respond(detailOf(job))
  }

  #list({ searchParams }: URL): Response {
    const since = Date.parse((searchParams.get('startCreationTime') ?? '').replace('+0800', '+08:00'))
    const source = `<Object>${searchParams.get('inputObject') ?? ''}</Object></Input>`
    const tag = `<Tag>${searchParams.get('tag') ?? ''}</Tag>`
    const all = this.jobs.filter(
      ({ body, createdMs }) => body.includes(source) && body.includes(tag) && createdMs >= since,
    )
    const first = Number(searchParams.get('nextToken') ?? 0)
    const next = first + this.#pageSize
    const token = next < all.length ? String(next) : ''
    return this.#respond(`${all.slice(first, next).map(detailOf).join('')}<NextToken>${token}</NextToken>`)
  }

  #respond(content: string): Response {
    const date = new Date(this.localMs + this.#skewMs).toUTCString()
    return new Response(`<Response>${content}</Response>`, { headers: { date, 'content-type': 'application/xml' } })
  }
}

/** The job as the service shows it: the request, and its time in whole seconds. */
function detailOf({ id, body, createdMs }: CreatedJob): string {
  const time = new Date(createdMs + 8 * 60 * MINUTE_MS).toISOString().replace(/\.\d+Z$/, '+0800')
  const fields = body.replace(/^<Request>|<\/Request>$/g, '').replace('${jobid}', id)
  return `<JobsDetail><JobId>${id}</JobId><State>Submitted</State><CreationTime>${time}</CreationTime>${fields}</JobsDetail>`
}

function requestWith(UserData?: string): NoiseReductionRequest {
  return {
    Input: { Object: 'in.mp3' },
    Operation: { Output: { Object: 'out-${jobid}.mp3' }, ...(UserData !== undefined && { UserData }) },
  }
}

async function submit(world: World, request: NoiseReductionRequest, fate: Fate): Promise<CloudMediaError | undefined> {
  world.fate = fate
  const error = await world.client.createNoiseReductionJob(request).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined || error instanceof CloudMediaError) return error
  throw new Error('not an error of a call')
}

describe('findJob', () => {
  it('finds the job if and only if it ran, in 5,000 schedules, or reports ambiguity', async () => {
    const counts = { found: 0, none: 0, refused: 0 }
    for (let seed = 0; seed < 5_000; seed += 1) await runSchedule(seed, counts)
    // Otherwise the schedules are not what this test is about.
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(500)
  }, 120_000)

  it('is named by the hint of the error', async () => {
    const error = await submit(new World(0), requestWith(), 'lost after it ran')
    expect(error?.hint).toBe(
      'Before you submit again, call findJob with the same request and { since: error.startedAt }.',
    )
  })

  it('finds the job again, and not for another submission', async () => {
    const world = new World(0)
    const error = await submit(world, requestWith('a'), 'lost after it ran')
    const since = error?.startedAt ?? new Date(NaN)
    const job = await world.client.findJob(requestWith('a'), { since })
    expect(await world.client.findJob(requestWith('a'), { since })).toEqual(job)
    world.localMs += 1000
    const other = await submit(world, requestWith('a'), 'lost before it ran')
    expect(await world.client.findJob(requestWith('a'), { since: other?.startedAt ?? since })).toBeUndefined()
  })

  it('finds a job whose response arrived, if only the time before its submission was recorded', async () => {
    const world = new World(0)
    const before = new Date(world.localMs)
    await submit(world, requestWith('a'), 'answered')
    const job = await world.client.findJob(requestWith('a'), { since: before })
    expect(job?.JobId).toBe(world.jobs[0]?.id)
  })

  it('finds each job of submissions that differ and start in the same millisecond', async () => {
    const world = new World(0)
    const names = ['a', 'b', 'c']
    const starts: Date[] = []
    for (const name of names) {
      world.localMs = NEW_YEAR
      const error = await submit(world, requestWith(name), 'lost after it ran')
      starts.push(error?.startedAt ?? new Date(NaN))
    }
    expect(starts.map(Number)).toEqual(names.map(() => NEW_YEAR))
    for (const [index, since] of starts.entries()) {
      const job = await world.client.findJob(requestWith(names[index]), { since })
      expect(job?.Operation?.UserData).toBe(names[index])
    }
  })

  it('does not choose between equal submissions that start in the same millisecond', async () => {
    const world = new World(0)
    await submit(world, requestWith('a'), 'lost before it ran')
    world.localMs = NEW_YEAR
    const error = await submit(world, requestWith('a'), 'lost after it ran')
    const since = error?.startedAt ?? new Date(NaN)
    await expect(world.client.findJob(requestWith('a'), { since })).rejects.toBeInstanceOf(AmbiguousJobError)
  })

  it.each<[what: string, change: (body: string) => string]>([
    ['another UserData', (body) => body.replace('<UserData>a<', '<UserData>b<')],
    ['another output', (body) => body.replace('out-', 'other-')],
    ['another output bucket', (body) => body.replace(/<Bucket>[^<]+</, '<Bucket>other-1250000000<')],
    ['another template', (body) => body.replace('>t1<', '>t2<')],
    ['another queue', (body) => body.replace('>p1<', '>p2<')],
    ['another source', (body) => body.replace('in.mp3', 'other.mp3')],
  ])('ignores a job with %s', async (_, change) => {
    const world = new World(0)
    const Output = { Bucket: 'results-1250000000', Object: 'out-${jobid}.mp3' }
    const request = { ...requestWith(), QueueId: 'p1', Operation: { TemplateId: 't1', UserData: 'a', Output } }
    await submit(world, request, 'answered')
    const [{ body } = { body: '' }] = world.jobs.splice(0)
    const error = await submit(world, request, 'lost before it ran')
    world.create(change(body))
    expect(change(body)).not.toBe(body)
    expect(await world.client.findJob(request, { since: error?.startedAt ?? new Date(NaN) })).toBeUndefined()
  })

  it.each([
    ['no since', undefined],
    ['an invalid date', new Date(NaN)],
    ['a text', '2026-01-01'],
  ])('rejects %s before anything is sent', async (_, since) => {
    const world = new World(0)
    // What a JavaScript user could pass.
    const search = world.client.findJob(requestWith(), { since: since as Date })
    await expect(search).rejects.toMatchObject({ name: 'ConfigurationError', option: 'since' })
    expect(world.localMs).toBe(NEW_YEAR)
  })
})

/** Some submissions, and a search for each that is in doubt. */
async function runSchedule(seed: number, counts: Record<'found' | 'none' | 'refused', number>): Promise<void> {
  const random = seededRandom(seed)
  const world = new World((random() - 0.5) * 28 * MINUTE_MS)
  const doubts: { request: NoiseReductionRequest; since: Date; jobId: string | undefined }[] = []
  const submissions = 1 + Math.floor(random() * 4)
  // An equal job of another client, long enough before.
  if (random() < 0.3) {
    await submit(world, requestWith(), 'answered')
    for (const { body } of world.jobs.splice(0)) world.create(body)
    world.localMs += 6_000 + random() * 10 * MINUTE_MS
  }
  for (let count = 0; count < submissions; count += 1) {
    const request = requestWith(random() < 0.5 ? `file ${String(Math.floor(random() * 3))}` : undefined)
    const fate =
      (['answered', 'lost after it ran', 'lost before it ran'] as const)[Math.floor(random() * 3)] ?? 'answered'
    const before = world.jobs.length
    const error = await submit(world, request, fate)
    const jobId = world.jobs.length > before ? world.jobs[0]?.id : undefined
    if (error?.startedAt !== undefined) doubts.push({ request, since: error.startedAt, jobId })
    world.localMs += random() < 0.5 ? random() * 500 : random() * 5 * MINUTE_MS
  }
  for (const { request, since, jobId } of doubts) {
    const found = await world.client.findJob(request, { since }).then(
      (job) => job?.JobId,
      (error: unknown) => {
        if (!(error instanceof AmbiguousJobError)) throw error
        return 'refused' as const
      },
    )
    if (found === 'refused') {
      counts.refused += 1
      const equal = doubts.filter((doubt) => doubt.request.Operation.UserData === request.Operation.UserData)
      expect(equal.length, `seed ${String(seed)}`).toBeGreaterThan(1)
      continue
    }
    expect(found, `seed ${String(seed)}`).toBe(jobId)
    counts[found === undefined ? 'none' : 'found'] += 1
  }
}
