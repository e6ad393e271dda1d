import { lookup } from 'node:dns/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { leaksOfRuns, recordOutput } from '../errors/leaks.js'
import { endServersAfterEach, pause, selfSigned } from '../support/wire-servers.js'
import {
  expectedCell,
  OPERATIONS,
  ROWS,
  rowsOf,
  runMatrix,
  WITH_FETCH,
  type CellRun,
  type OperationName,
  type Row,
  type TransportName,
} from './fault-matrix.js'

endServersAfterEach()

const TRANSPORTS: readonly TransportName[] = ['sockets', 'fetch']
const MATRIX_LIMIT_MS = 120_000
const runs = new Map<string, CellRun>()
const resolverProblem = await problemOfResolver()
let written: readonly string[] = []

beforeAll(async () => {
  // Slow the first time, which must not count against a short timeout.
  selfSigned()
  written = recordOutput()
  for (const transport of TRANSPORTS) {
    for (const run of await runMatrix(transport, usable(transport)))
      runs.set(keyOf(transport, run.row, run.operation), run)
  }
  vi.restoreAllMocks()
}, MATRIX_LIMIT_MS)

afterAll(() => {
  process.stdout.write(tableOf())
})

describe.each(TRANSPORTS)('over %s', (transport) => {
  const cells = usable(transport).flatMap((row) => OPERATIONS.map((operation) => [row.name, operation, row] as const))

  it.each(cells)('%s: %s has the outcome of the table', (_, operation, row) => {
    expectCell(transport, operation, row)
  })

  it.each(usable(transport).map(({ name }) => name))(
    '%s: no secret, no signature, and no piece of one shows',
    (row) => {
      expect(leaksOfRuns(OPERATIONS.map((operation) => cellRun(transport, row, operation)))).toEqual([])
    },
  )

  it('no call claims that nothing has run where something has', () => {
    const wrong = runsOf(transport).filter(({ cell }) => /^\S+ no .*\/[1-9]/.test(cell))
    expect(wrong.map(nameOf)).toEqual([])
  })

  it('no submission runs twice', () => {
    const wrong = runsOf(transport).filter(
      ({ operation, cell }) => operation !== 'unpublishAssets' && !/\/[01]( |$)/.test(cell),
    )
    expect(wrong.map(nameOf)).toEqual([])
  })

  it('no call makes more attempts than it may, and onAttempt is called for each', () => {
    for (const run of runsOf(transport)) {
      const attempts = Number(run.cell.split(' ')[2])
      expect([run.row, attempts]).toEqual([run.row, Math.min(attempts, 3)])
      expect([run.row, run.events.length]).toEqual([run.row, attempts])
    }
  })
})

describe('the outcomes over fetch that differ', () => {
  it('belong to rows of the table', () => {
    expect(ROWS.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(WITH_FETCH)))
  })

  const listed = ROWS.filter(({ name }) => name in WITH_FETCH).flatMap((row) =>
    OPERATIONS.map((operation) => [row.name, operation, row] as const),
  )
  it.each(listed)('are only less certain that nothing has run: %s: %s', (_, operation, row) => {
    expect(String(expectedCell(row, operation, 'sockets'))).toMatch(/^\w+ no /)
    expect(String(expectedCell(row, operation, 'fetch'))).toMatch(/^\w+ yes /)
  })
})

it('no call writes anything anywhere', () => {
  expect(written).toEqual([])
})

it('the names of the rows are all different', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length)
})

function expectCell(transport: TransportName, operation: OperationName, row: Row): void {
  const expected = expectedCell(row, operation, transport)
  const { cell } = cellRun(transport, row.name, operation)
  if (expected instanceof RegExp) expect(cell).toMatch(expected)
  else expect(cell).toBe(expected)
}

/** A resolver that invents addresses, or keeps silent, cannot show what an unknown name comes to. */
async function problemOfResolver(): Promise<string | undefined> {
  const found = await Promise.race([
    lookup('nosuchhost.invalid').then(
      ({ address }) => `it has the address ${address}`,
      () => undefined,
    ),
    pause(2_000).then(() => 'there was no answer for two seconds'),
  ])
  return found === undefined ? undefined : `unknown name: skipped, as the resolver is odd: ${found}\n`
}

function usable(transport: TransportName): Row[] {
  return rowsOf(transport).filter(({ name }) => name !== 'unknown name' || resolverProblem === undefined)
}

function keyOf(transport: TransportName, row: string, operation: OperationName): string {
  return `${transport}: ${row}: ${operation}`
}

function cellRun(transport: TransportName, row: string, operation: OperationName): CellRun {
  const run = runs.get(keyOf(transport, row, operation))
  if (run === undefined) throw new Error(`${row} has not run`)
  return run
}

function runsOf(transport: TransportName): CellRun[] {
  return usable(transport).flatMap((row) => OPERATIONS.map((operation) => cellRun(transport, row.name, operation)))
}

function nameOf({ row, operation, cell }: CellRun): string {
  return `${row}: ${operation}: ${cell}`
}

/** A line for each row, and another one below it where fetch differs. */
function tableOf(): string {
  const lines = usable('sockets').flatMap(({ name, isOnlyForSockets }) => {
    const [bySockets, byFetch] = TRANSPORTS.map((transport) =>
      OPERATIONS.map((operation) => runs.get(keyOf(transport, name, operation))?.cell ?? 'has not run'),
    )
    const first = [name, ...(bySockets ?? [])]
    return isOnlyForSockets === true || String(bySockets) === String(byFetch)
      ? [first]
      : [first, ['  by fetch', ...(byFetch ?? [])]]
  })
  const all = [['error or result, may have run, attempts, seen/run', ...OPERATIONS], ...lines]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  const text = all.map((line) =>
    line
      .map((part, column) => part.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `\n${text.join('\n')}\n${resolverProblem ?? ''}`
}
