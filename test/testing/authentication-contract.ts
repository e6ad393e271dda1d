import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ArrivedRequest } from '../../src/testing/exchange.js'
import { createEmulator, type EmulatorOptions } from '../../src/testing/index.js'
import { edited, picked, withOne, type Change, type Draw, type Sent } from '../support/changed-requests.js'
import { NEW_YEAR } from '../support/clients.js'
import { anyRequest, percentEncode, type GeneratedRequest } from '../vectors/signing-requests.js'

/** How a request is signed, what happens to it after that, and which emulator receives it. */
export interface Exchange<Signing> {
  readonly signing?: Signing
  readonly change?: Change
  readonly emulator?: EmulatorOptions
}

/** The rule, the one thing that breaks it, the refusal, how it is broken, and the twin without that (a plain request). */
export type Rejected<Signing, Refusal> = readonly [
  rule: string,
  broken: string,
  refusal: Refusal,
  exchange: Exchange<Signing>,
  twin?: Exchange<Signing>,
]

export interface Rules<Signing, Refusal> {
  readonly rejected: readonly Rejected<Signing, Refusal>[]
  readonly accepted: readonly (readonly [rule: string, exchange: Exchange<Signing>])[]
  readonly sign: (signing?: Signing) => Promise<Sent>
  readonly expectRefusal: (response: Response, refusal: Refusal) => Promise<void>
}

/** Declares a test of each rule: the request that breaks it is rejected, and its twin that does not is accepted. */
export function describeRules<Signing, Refusal>(provider: string, rules: Rules<Signing, Refusal>): void {
  const { rejected, accepted, sign, expectRefusal } = rules
  const statusOf = async (exchange: Exchange<Signing>): Promise<number> => (await receive(exchange, sign)).status
  const rows = rejected.map(
    ([rule, broken, refusal, exchange, twin = {}]) => [rule, broken, refusal, exchange, twin] as const,
  )

  describe(`authentication of ${provider}`, () => {
    it.each(rows)('rejects: %s: %s', async (_rule, _broken, refusal, exchange, twin) => {
      expect(await statusOf(twin)).toBe(200)
      const both = { ...twin, ...exchange }
      const response = await receive(both, sign)
      await expectRefusal(response, refusal)
      expect(response.headers.get('date')).toBe(new Date(both.emulator?.now?.() ?? NEW_YEAR).toUTCString())
    })

    it.each(accepted)('accepts: %s', async (_rule, { change, ...exchange }) => {
      expect(await statusOf(exchange)).toBe(200)
      expect(await statusOf({ ...exchange, ...(change && { change }) })).toBe(200)
    })
  })
}

/** The response of a new emulator, whose clock shows New Year, unless the exchange says otherwise. */
export async function receive<Signing>(
  { signing, change = (sent) => sent, emulator }: Exchange<Signing>,
  sign: Rules<Signing, unknown>['sign'],
): Promise<Response> {
  const { url, headers, body } = change(await sign(signing))
  return createEmulator({ now: () => NEW_YEAR, ...emulator }).fetch(new Request(url, { method: 'POST', headers, body }))
}

/** A signed request in its decoded pieces. */
export interface Pieces {
  readonly method: string
  readonly host: string
  readonly segments: readonly string[]
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly signedHeaders: readonly string[]
}

/** Changes one part of the canonical form. Undefined where the request has no such part. */
type PieceChange<Signed> = (pieces: Signed, draw: Draw) => Signed | undefined

export interface RandomRequests<Signed extends Pieces> {
  /** Signs a request, of which the choices pick the parts that are signed. */
  readonly sign: (request: GeneratedRequest, body: Uint8Array, choices: readonly boolean[]) => Promise<Signed>
  /** Why the emulator rejects the request that was signed so. Undefined if it accepts it. */
  readonly authenticate: (original: GeneratedRequest, arrived: ArrivedRequest) => Promise<string | undefined>
  /** The changes of what only this provider signs. */
  readonly changes: Readonly<Record<string, PieceChange<Signed>>>
  readonly withOtherUnsigned: (pieces: Signed) => Signed
  /** A part of the refusal of a signature that does not match. */
  readonly refusal: string
}

/** Declares the test that random requests are accepted as signed, and rejected after any one change. */
export function describeRandomRequests<Signed extends Pieces>(
  provider: string,
  { sign, authenticate, changes: ownChanges, withOtherUnsigned, refusal }: RandomRequests<Signed>,
  count: number,
): void {
  const changes: RandomRequests<Signed>['changes'] = { ...sharedChanges(), ...ownChanges }

  describe(`authentication of ${provider}, on ${String(count)} random requests`, () => {
    it('accepts them as signed, and rejects them after any one change of their canonical form', async () => {
      const made = new Map(Object.keys(changes).map((kind) => [kind, 0]))
      await fc.assert(
        fc.asyncProperty(
          anyRequest,
          fc.uint8Array({ maxLength: 40 }),
          fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
          fc.nat(),
          fc.record({ pick: fc.nat(), edit: fc.constantFrom(...edits) }),
          async (request, body, choices, kindNumber, draw) => {
            const pieces = await sign(request, body, choices)
            const { method, headers } = pieces
            const asSent = { method, url: new URL(request.url), headers, body }
            expect(await authenticate(request, asSent)).toBeUndefined()
            expect(await authenticate(request, arrivedFrom(withOtherUnsigned(pieces)))).toBeUndefined()

            const [kind, changed] = changedPieces(changes, pieces, kindNumber, draw)
            made.set(kind, (made.get(kind) ?? 0) + 1)
            expect(await authenticate(request, arrivedFrom(changed)), kind).toContain(refusal)
          },
        ),
        { numRuns: count, seed: 20_260_101 },
      )
      // Otherwise the requests are not what this test is about.
      for (const [kind, times] of made) expect(times, kind).toBeGreaterThanOrEqual(count / 20)
    })
  })
}

/** The changes of what both providers sign. */
function sharedChanges<Signed extends Pieces>(): Readonly<Record<string, PieceChange<Signed>>> {
  return {
    method: (pieces, { pick }) => {
      const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => method !== pieces.method)
      return { ...pieces, method: picked(others, pick) ?? '' }
    },
    'a segment of the path': (pieces, { pick, edit }) => ({
      ...pieces,
      segments: withOne(pieces.segments, pick, (segment) => [edited(segment, edit)]),
    }),
    'one more segment': (pieces, { pick }) => ({
      ...pieces,
      segments: withOne(pieces.segments, pick, (segment) => ['x', segment]),
    }),
  }
}

const edits: readonly Draw['edit'][] = [
  (text) => `${text}x`,
  (text) => Array.from(text).slice(1).join(''),
  (text) => Array.from(text).slice(0, -1).join(''),
  (text) => Array.from(text).toReversed().join(''),
  (text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()),
]

/** The first of the changes that can be made, from the one with the number on. */
function changedPieces<Signed>(
  changes: Readonly<Record<string, PieceChange<Signed>>>,
  pieces: Signed,
  kindNumber: number,
  draw: Draw,
): [kind: string, changed: Signed] {
  const kinds = Object.entries(changes)
  const first = kindNumber % kinds.length
  for (const [kind, change] of [...kinds.slice(first), ...kinds.slice(0, first)]) {
    const changed = change(pieces, draw)
    if (changed !== undefined) return [kind, changed]
  }
  throw new Error('there is no change to make')
}

/** The request, spelled otherwise than the one that was signed. */
export function arrivedFrom({ method, host, segments, query, headers, body }: Pieces): ArrivedRequest {
  const path = segments.map(percentEncode).join('/')
  const pairs = query.map((pair) => pair.map(percentEncode).join('='))
  return {
    method,
    url: new URL(`https://${host}/${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`),
    headers,
    body,
  }
}
