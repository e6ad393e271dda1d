// The cost of a call. Each contestant has a process of its own, so that they share no garbage and no compiled code. They
// make their calls by turns, and only times of one turn are compared: the speed of a machine changes.
import type { Amounts } from './measure.js'
import {
  SCHEMES,
  SERVICES,
  startParties,
  startServer,
  type Place,
  type Scheme,
  type Server,
  type Service,
} from './parties.js'
import type { Sample } from './statistics.js'

export const AT_ONCE = [1, 64] as const
/** Warm: after thousands of calls, when V8 has compiled all hot code. Cold: after COLD_CALLS. */
export const STATES = ['warm', 'cold'] as const
export const COLD_CALLS = 300
/** The calls of one turn, by those in flight. */
const BLOCK = { 1: 100, 64: 256 } as const

/** What is measured. */
export interface Cell {
  readonly service: Service
  readonly scheme: Scheme
  readonly state: (typeof STATES)[number]
  readonly atOnce: (typeof AT_ONCE)[number]
}
export type CallSample = Cell & Sample

type Pair = Pick<Cell, 'service' | 'scheme'>

export async function measureCalls(
  place: Place,
  { rounds, turns, warmUp, processes }: Amounts,
  onStep: (step: string) => void,
): Promise<CallSample[]> {
  const samples: CallSample[] = []
  const server = await startServer(place)
  const pairs = SERVICES.flatMap((service) => SCHEMES.map((scheme) => ({ service, scheme })))
  for (let round = 1; round <= rounds; round += 1) {
    onStep(`warm calls, round ${String(round)} of ${String(rounds)}`)
    for (const pair of pairs) {
      const cells = AT_ONCE.map((atOnce) => ({ ...pair, state: 'warm', atOnce }) as const)
      samples.push(...(await measureCells(place, server, pair, cells, warmUp, turns)))
    }
  }
  for (let round = 1; round <= processes; round += 1) {
    onStep(`cold calls, round ${String(round)} of ${String(processes)}`)
    for (const pair of pairs) {
      for (const atOnce of AT_ONCE) {
        const cell: Cell = { ...pair, state: 'cold', atOnce }
        samples.push(...(await measureCells(place, server, pair, [cell], COLD_CALLS, 1)))
      }
    }
  }
  server.end()
  return samples
}

let lastTurn = 0

/** Measures cells of one service and scheme in the same processes. */
async function measureCells(
  place: Place,
  server: Server,
  { service, scheme }: Pair,
  cells: readonly Cell[],
  callsBefore: number,
  turns: number,
): Promise<CallSample[]> {
  const samples: CallSample[] = []
  const parties = await startParties(place, server, service, scheme)
  for (const { ask } of parties) for (const { atOnce } of cells) await ask({ count: callsBefore, atOnce })
  for (let done = 0; done < turns; done += 1) {
    for (const cell of cells) {
      lastTurn += 1
      // Nobody always comes after the same contestant.
      for (const { contestant, ask } of Math.random() < 0.5 ? parties : parties.toReversed()) {
        const cpu = Number(await ask({ count: BLOCK[cell.atOnce], atOnce: cell.atOnce }))
        samples.push({ ...cell, contestant, turn: lastTurn, cpu })
      }
    }
  }
  for (const { end } of parties) end()
  return samples
}
