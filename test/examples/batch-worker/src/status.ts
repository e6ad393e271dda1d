// Prints a line a second, and serves the same figures to Prometheus on METRICS_PORT.
import { createServer } from 'node:http'
import { Gauge, register } from 'prom-client'
import { Records } from './records.js'
import { connect, openQueue } from './redis.js'
import { readSettings } from './settings.js'

const settings = readSettings()
const redis = connect(settings)
const queue = openQueue(settings, redis)
const records = new Records(redis, settings)

const files = new Gauge({ name: 'batch_files', help: 'Files by state', labelNames: ['state'] })
const ages = new Gauge({
  name: 'batch_oldest_seconds',
  help: 'Seconds since the oldest file of a state entered it',
  labelNames: ['state'],
})
const events = new Gauge({
  name: 'batch_events',
  help: 'Since the start of the batch: claims to submit, and submissions whose response was lost',
  labelNames: ['event'],
})

interface Figures {
  /** Numbers of files. */
  readonly states: Readonly<Record<string, number>>
  /** Milliseconds. */
  readonly ages: Readonly<Record<string, number>>
  readonly claims: number
  readonly lost: number
  readonly isPaused: boolean
}

async function read(): Promise<Figures> {
  const [{ counts, ages }, jobs, isPaused] = await Promise.all([
    records.counts(),
    queue.getJobCounts('waiting', 'delayed', 'active'),
    queue.isPaused(),
  ])
  const { claims = 0, lost = 0, sending = 0, running = 0, doubts = 0, duplicates = 0 } = counts
  const { succeeded = 0, failed = 0, refused = 0 } = counts
  const { waiting = 0, delayed = 0 } = jobs
  const states = { waiting, delayed, sending, running, doubts, duplicates, succeeded, failed, refused }
  return { states, ages, claims, lost, isPaused }
}

createServer((_request, response) => {
  read()
    .then(async (figures) => {
      for (const [state, count] of Object.entries(figures.states)) files.set({ state }, count)
      for (const [state, ms] of Object.entries(figures.ages)) ages.set({ state }, ms / 1_000)
      events.set({ event: 'claim' }, figures.claims)
      events.set({ event: 'lost' }, figures.lost)
      response.writeHead(200, { 'content-type': register.contentType }).end(await register.metrics())
    })
    .catch((error: unknown) => response.writeHead(503).end(String(error)))
}).listen(Number(process.env['METRICS_PORT'] ?? 9_464))

const endedIn = ({ states: { succeeded = 0, failed = 0, refused = 0 } }: Figures): number =>
  succeeded + failed + refused
const seconds = (ms = 0): string => `${String(Math.round(ms / 1_000))} s`

let before: { readonly ended: number; readonly at: number } | undefined
for (;;) {
  const figures = await read()
  const now = { ended: endedIn(figures), at: performance.now() }
  const rate = before === undefined ? 0 : ((now.ended - before.ended) * 1_000) / (now.at - before.at)
  before = now
  const { states, ages, claims, lost, isPaused } = figures
  const parts = [
    ...Object.entries(states).map(
      ([state, count]) => `${state} ${String(count)}${state in ages && count > 0 ? ` (${seconds(ages[state])})` : ''}`,
    ),
    `${rate.toFixed(1)} files/s`,
    `claims ${String(claims)}`,
    `lost ${String(lost)}`,
    ...(isPaused ? ['PAUSED'] : []),
  ]
  console.log(parts.join('  '))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
}
