import { setTimeout } from 'node:timers/promises'
import { SERVICES, startParties, startServer, type Contestant, type Place, type Service } from './parties.js'

export const SEQUENTIAL_CALLS = 100
export const PARALLEL_CALLS = 640
export const POLLS = 6
/** Longer than many clients keep a connection. */
export const PAUSE_MS = 5000
/** The server's limit, which its responses name. */
const IDLE_LIMIT_MS = 75_000

/** TLS handshakes of one contestant. */
export interface HandshakeSample {
  readonly service: Service
  readonly contestant: Contestant
  readonly sequential: number
  readonly parallel: number
  readonly polls: number
}

/** Counts the handshakes of submissions, and of polls such as those of a wait. */
export async function countHandshakes(place: Place): Promise<HandshakeSample[]> {
  return (await Promise.all(SERVICES.map((service) => countOf(place, service)))).flat()
}

async function countOf(place: Place, service: Service): Promise<HandshakeSample[]> {
  const server = await startServer(place, IDLE_LIMIT_MS)
  const parties = await startParties(place, server, service, 'https')
  let before: readonly number[] = []
  /** By contestant, those since the step before. */
  const counted = async (order: object): Promise<readonly number[]> => {
    await Promise.all(parties.map(({ ask }) => ask(order)))
    const after = await server.handshakes()
    const counts = after.map((count, index) => count - (before[index] ?? 0))
    before = after
    return counts
  }
  const sequential = await counted({ count: SEQUENTIAL_CALLS, atOnce: 1 })
  const parallel = await counted({ count: PARALLEL_CALLS, atOnce: 64 })
  const polls: (readonly number[])[] = []
  for (let done = 0; done < POLLS; done += 1) {
    await setTimeout(PAUSE_MS)
    polls.push(await counted({ count: 1, atOnce: 1, isPoll: true }))
  }
  for (const { end } of [...parties, server]) end()
  return parties.map(({ contestant }, index) => ({
    service,
    contestant,
    sequential: sequential[index] ?? 0,
    parallel: parallel[index] ?? 0,
    polls: polls.reduce((sum, counts) => sum + (counts[index] ?? 0), 0),
  }))
}
