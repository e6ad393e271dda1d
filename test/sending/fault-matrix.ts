import type { Socket } from 'node:net'
import type { CredentialsSource } from '../../src/signing/credentials.js'
import type { AttemptEvent } from '../../src/sending/attempt-event.js'
import type { CallOptions, CommonOptions } from '../../src/client/options.js'
import type { HuaweiAccessKey, HuaweiCredentials } from '../../src/huawei-vod/credentials.js'
import type { TencentCredentials } from '../../src/tencent-ci/credentials.js'
import { createEmulator } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, tencentClient } from '../support/clients.js'
import {
  emulatorServer,
  faultServer,
  wireFaultServer,
  type Arrival,
  type FaultServer,
  type Reply,
  type SeenRequest,
} from '../support/fault-servers.js'
import {
  forwardAgent,
  proxyServer,
  tunnelAgent,
  type Interruption,
  type ProxyServer,
  type TunnelStage,
} from '../support/proxy-server.js'
import { fullServer, pause, refusingServer, selfSigned, tlsServer } from '../support/wire-servers.js'

/** The columns. */
export const OPERATIONS = [
  'createExtractAudioTask',
  'createVoiceSeparateJob',
  'createNoiseReductionJob',
  'unpublishAssets',
] as const
export type OperationName = (typeof OPERATIONS)[number]

/** The library's own transport, or the platform's fetch in the place of a user's. */
export type TransportName = 'sockets' | 'fetch'

/** Plain words, in which every way to write a secret differs from the others. */
export const SECRETS = {
  secretAccessKey: 'fake/walnut+harbour-lantern?',
  securityToken: 'fake/juniper+meadow-thimble=',
  token: 'fake/orchard+pebble-saffron=',
  expiredToken: 'fake/driftwood+marigold-kettle=',
  secretKey: 'fake/hazelnut+cobbler-windmill?',
  sessionToken: 'fake/clover+bramble-tinderbox=',
} as const

/**
 * What came of a call: the class of the error or `result`; whether it may have run, `-` for a result; the attempts; the
 * requests that the server has seen whole and how many of them it has run; and the waits for a throttled operation.
 */
export type Cell = string | RegExp
export type Cells = Readonly<Record<OperationName, Cell>>

/** What a server and a client do in one cell. */
export interface CellContext {
  readonly operation: OperationName
  readonly documents: Documents
  /** Aborts the call. */
  readonly abort: () => void
}

export interface Scenario {
  readonly name: string
  readonly start: (context: CellContext) => Promise<FaultServer>
  /** Whether attempts end by the clock. */
  readonly isTimed?: boolean
  /** Default: an access key, temporary for both providers. */
  readonly credentials?: 'renewed' | 'not renewed' | 'token'
  /** Instead of a good call, the wait aborts it. */
  readonly abortsWaits?: boolean
  /** Whether the call is aborted before it begins. */
  readonly isAborted?: boolean
  /** What happens between a first good call, which does not count, and the one that does. */
  readonly afterFirstCall?: (server: FaultServer) => unknown
  /** A user's own fetch. */
  readonly fetch?: CommonOptions['fetch']
}

export interface Row extends Scenario {
  /** Omitted with the platform's fetch: it has no agent, and does not promise what it has seen by then. */
  readonly isOnlyForSockets?: boolean
  readonly cells: Cells
}

/** A cell after its call. */
export interface CellRun {
  readonly row: string
  readonly operation: OperationName
  readonly cell: string
  /** Undefined for a result. */
  readonly error: unknown
  readonly events: readonly AttemptEvent[]
  readonly requests: readonly SeenRequest[]
  readonly client: unknown
}

/** Long enough for a request to arrive on a slow machine. */
const SHORT_TIMEOUT_MS = 800
const LONG_TIMEOUT_MS = 10_000
const MAX_ATTEMPTS = 3
const SKEW_MS = 20 * 60_000

/** The answers of one operation. */
interface Documents {
  readonly provider: 'huawei' | 'tencent'
  readonly status: number
  readonly success: string
  /** Well formed, without what the operation must return. */
  readonly lacking: string
  readonly error: (code: string | undefined, message?: string) => string
}

const HTML = '<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>'
const SECOND_LATER = new Date(NEW_YEAR + 1_000).toUTCString()

const connecting: readonly Row[] = [
  {
    name: 'refused',
    start: async () => wireFaultServer(await refusingServer()),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'unknown name',
    start: () => Promise.resolve(wireFaultServer({ url: 'http://nosuchhost.invalid', requests: () => 0 })),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'connecting never ends',
    isTimed: true,
    start: async () => wireFaultServer(await sharedFullServer()),
    cells: all('TimeoutError no 3 0/0'),
  },
  {
    name: 'reset at accept',
    start: () => faultServer(nothing, { onConnection: (socket) => socket.resetAndDestroy() }),
    // Seen while connecting or after, which only the network decides: in both cases nothing is claimed that is not so.
    cells: split(/^ConnectionError (no 3|yes [123]) 0\/0$/, /^ConnectionError (no|yes) 3 0\/0$/),
  },
  {
    name: 'closed at accept',
    start: () => faultServer(nothing, { onConnection: (socket) => socket.destroy() }),
    cells: split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  },
  {
    name: 'certificate nobody trusts',
    start: async () => wireFaultServer(await tlsServer((_, response) => response.end())),
    cells: all('ConnectionError no 1 0/0'),
  },
  {
    name: 'TLS to a plain port',
    start: () =>
      faultServer(nothing, {
        scheme: 'https',
        onFirstBytes: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      }),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'reset within the TLS handshake',
    start: () => faultServer(nothing, { scheme: 'https', onFirstBytes: (socket) => socket.resetAndDestroy() }),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'closed within the TLS handshake',
    start: () => faultServer(nothing, { scheme: 'https', onFirstBytes: (socket) => socket.end() }),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'TLS handshake never ends',
    isTimed: true,
    start: () => faultServer(nothing, { scheme: 'https' }),
    cells: all('TimeoutError no 3 0/0'),
  },
]

const LOST = split('ConnectionError yes 1 1/1', 'ConnectionError yes 3 3/3')

const breaking: readonly Row[] = [
  { name: 'closed before the answer', start: running(({ socket }) => socket.end()), cells: LOST },
  { name: 'reset before the answer', start: running(({ socket }) => socket.resetAndDestroy()), cells: LOST },
  { name: 'reset in the status line', start: running(resetAfter('HTTP/1.')), cells: LOST },
  {
    name: 'garbage instead of HTTP',
    start: running(({ socket }) => socket.end('garbage\r\n\r\n')),
    cells: LOST,
  },
  {
    name: 'a switch of protocols',
    start: running(({ socket }) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ),
    cells: LOST,
  },
  {
    name: 'reset inside the answer',
    start: running(resetAfter('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')),
    cells: LOST,
  },
  {
    name: 'closed inside the answer',
    start: running(({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')),
    cells: LOST,
  },
  {
    name: 'closed inside a chunked answer',
    start: running(({ socket }) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n')),
    cells: LOST,
  },
  {
    name: 'whole, but without a length, then closed',
    start: running(({ socket }, { status, success }) => socket.end(`HTTP/1.1 ${String(status)} OK\r\n\r\n${success}`)),
    cells: all('result - 1 1/1'),
  },
  {
    name: 'half, without a length, then closed',
    start: running(({ socket }, { status, success }) =>
      socket.end(`HTTP/1.1 ${String(status)} OK\r\n\r\n${halfOf(success)}`),
    ),
    cells: split('UnexpectedResponseError yes 1 1/1', 'UnexpectedResponseError yes 3 3/3'),
  },
  {
    name: 'idle connection closed, and seen',
    start: keptAlive((arrival) => setTimeout(() => arrival.socket.end(), 10)),
    afterFirstCall: () => pause(80),
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection reset, and seen',
    start: keptAlive((arrival) => setTimeout(() => arrival.socket.resetAndDestroy(), 10)),
    afterFirstCall: () => pause(80),
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection closed, a timer before',
    start: keptAlive(),
    afterFirstCall: async (server) => {
      await pause(1)
      server.cut('destroy')
    },
    isOnlyForSockets: true,
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection reset, a timer before',
    start: keptAlive(),
    afterFirstCall: async (server) => {
      await pause(1)
      server.cut('resetAndDestroy')
    },
    isOnlyForSockets: true,
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection closed in this very turn',
    start: keptAlive(),
    afterFirstCall: (server) => {
      server.cut('destroy')
    },
    isOnlyForSockets: true,
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection reset in this very turn',
    start: keptAlive(),
    afterFirstCall: (server) => {
      server.cut('resetAndDestroy')
    },
    isOnlyForSockets: true,
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle connection closed as the request comes',
    start: keptAlive(nothing, ({ socket }) => socket.end()),
    afterFirstCall: nothing,
    cells: split('ConnectionError yes 1 1/0', 'result - 2 2/1'),
  },
  {
    name: 'idle connection reset as the request comes',
    start: keptAlive(nothing, ({ socket }) => socket.resetAndDestroy()),
    afterFirstCall: nothing,
    cells: split('ConnectionError yes 1 1/0', 'result - 2 2/1'),
  },
]

const BROKEN = split('UnexpectedResponseError yes 1 1/1', 'UnexpectedResponseError yes 3 3/3')
const FAILED = split('ApiError yes 1 1/1', 'ApiError yes 3 3/3')
const REFUSED = all('ApiError no 1 1/0')
const UNCLEAR = all('ApiError yes 1 1/1')
const PAGE_ONCE = all('UnexpectedResponseError yes 1 1/1')

const answering: readonly Row[] = [
  { name: 'success', start: answers(success), cells: all('result - 1 1/1') },
  { name: 'success, with real signatures', start: emulated(0), cells: all('result - 1 1/1') },
  {
    name: '307',
    start: answers(() => ({ status: 307, headers: { location: '/elsewhere' }, body: '', runs: true })),
    cells: PAGE_ONCE,
  },
  { name: '400', start: answers(refusal(400, 'VOD.10053', 'InvalidArgument')), cells: REFUSED },
  { name: '400 with an unknown code', start: answers(failure(400, 'NEW.1', 'NewCode')), cells: UNCLEAR },
  { name: '400 without a code', start: answers(failure(400)), cells: UNCLEAR },
  { name: '401', start: answers(refusal(401, 'APIGW.0301', 'InvalidAuthorization')), cells: REFUSED },
  { name: '403', start: answers(refusal(403, 'VOD.10061', 'QueuePaused')), cells: REFUSED },
  {
    name: '403 that may have run',
    start: answers(failure(403, 'VOD.10051', 'NewCode')),
    cells: UNCLEAR,
  },
  { name: '404', start: answers(refusal(404, 'APIGW.0101', 'InvalidUrl')), cells: REFUSED },
  { name: '404 as a page', start: answers(page(404)), cells: PAGE_ONCE },
  {
    name: '413',
    start: answers((documents) => ({
      ...refusal(413, 'APIGW.0201', 'InvalidContent')(documents),
      // The gateway has this code also for answers that did not come through, so it is no refusal.
      runs: documents.provider === 'huawei',
    })),
    cells: { ...REFUSED, createExtractAudioTask: 'ApiError yes 1 1/1', unpublishAssets: 'ApiError yes 1 1/1' },
  },
  { name: '429 as a page', start: answers(page(429)), cells: PAGE_ONCE },
  {
    name: '429, Retry-After in seconds',
    start: answers(throttled({ 'retry-after': '1' })),
    cells: all('ApiError no 3 3/0 waits 1000 1000'),
  },
  {
    name: '429, Retry-After 0',
    start: answers(throttled({ 'retry-after': '0' })),
    cells: all('ApiError no 3 3/0'),
  },
  {
    name: '429, Retry-After as a date',
    start: answers(throttled({ 'retry-after': SECOND_LATER })),
    cells: all('ApiError no 3 3/0 waits 1000 1000'),
  },
  {
    name: '429 without Retry-After',
    start: answers(throttled({})),
    // The gateway tells its window in the message.
    cells: {
      ...all('ApiError no 3 3/0'),
      createExtractAudioTask: 'ApiError no 3 3/0 waits 1000 1000',
      unpublishAssets: 'ApiError no 3 3/0 waits 1000 1000',
    },
  },
  {
    name: '429, Retry-After past the end',
    start: answers(throttled({ 'retry-after': '121' })),
    cells: REFUSED,
  },
  {
    name: '429, then success',
    start: answers(throttled({ 'retry-after': '1' }), success),
    cells: all('result - 2 2/1 waits 1000'),
  },
  { name: '500', start: answers(failure(500, 'VST.10002', 'InternalError')), cells: FAILED },
  {
    name: '500 with the code of a refusal',
    start: answers(failure(500, 'VOD.10053', 'InvalidArgument')),
    cells: FAILED,
  },
  { name: '500 as a page', start: answers(page(500)), cells: BROKEN },
  { name: '502', start: answers(failure(502, 'APIGW.0610', 'BadGateway')), cells: FAILED },
  { name: '502 as a page', start: answers(page(502)), cells: BROKEN },
  { name: '503 with a code', start: answers(failure(503, 'APIGW.0613', 'ServiceUnavailable')), cells: FAILED },
  { name: '503 without a code', start: answers(failure(503)), cells: FAILED },
  { name: '503 as a page', start: answers(page(503)), cells: BROKEN },
  {
    name: '503, then success',
    start: answers(failure(503, 'APIGW.0613', 'ServiceUnavailable'), success),
    cells: split('ApiError yes 1 1/1', 'result - 2 2/2'),
  },
  {
    name: '503, then 400',
    start: answers(failure(503, 'APIGW.0613', 'ServiceUnavailable'), refusal(400, 'VOD.10053', 'InvalidArgument')),
    cells: split('ApiError yes 1 1/1', 'ApiError yes 2 2/1'),
  },
  { name: '504', start: answers(failure(504, 'APIGW.0201', 'GatewayTimeout')), cells: FAILED },
  { name: '504 as a page', start: answers(page(504)), cells: BROKEN },
  {
    name: '200 with a refusal',
    start: answers(refusal(200, 'VOD.10053', 'InvalidArgument')),
    cells: REFUSED,
  },
  { name: '200 with an unknown error', start: answers(failure(200, 'NEW.1', 'NewCode')), cells: FAILED },
  {
    name: 'truncated',
    start: answers((documents) => ({ ...success(documents), body: halfOf(documents.success) })),
    cells: BROKEN,
  },
  {
    name: 'without what it must hold',
    start: answers((documents) => ({ ...success(documents), body: documents.lacking })),
    cells: BROKEN,
  },
  { name: 'a page', start: answers(page(200)), cells: BROKEN },
  { name: 'empty', start: answers((documents) => ({ ...success(documents), body: '' })), cells: BROKEN },
  {
    name: 'too long',
    start: answers((documents) => ({ ...success(documents), body: documents.success.padEnd(8 * 1024 * 1024 + 1) })),
    cells: BROKEN,
  },
]

const late: readonly Row[] = [
  {
    name: 'silence',
    isTimed: true,
    start: running(nothing),
    cells: split('TimeoutError yes 1 1/1', 'TimeoutError yes 3 3/3'),
  },
  {
    name: 'slow drip',
    isTimed: true,
    start: running(({ socket }, { success }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n')
      const timer = setInterval(() => socket.write(success.slice(0, 1)), 20)
      socket.on('close', () => {
        clearInterval(timer)
      })
    }),
    cells: split('TimeoutError yes 1 1/1', 'TimeoutError yes 3 3/3'),
  },
]

const remedied: readonly Row[] = [
  { name: 'clock ahead of ours', start: emulated(SKEW_MS), cells: all('result - 2 2/1') },
  { name: 'clock behind ours', start: emulated(-SKEW_MS), cells: all('result - 2 2/1') },
  {
    name: 'clock that is never right',
    start: answers(clockRefusal(SKEW_MS)),
    cells: all('ApiError no 2 2/0'),
  },
  { name: 'time refused, clocks agree', start: answers(clockRefusal(0)), cells: REFUSED },
  {
    name: 'token renewed',
    credentials: 'renewed',
    start: unlessExpired(),
    cells: all('result - 2 2/1'),
  },
  { name: 'token not renewed', credentials: 'not renewed', start: unlessExpired(), cells: REFUSED },
]

const GIVEN_UP = all('AbortedError yes 1 1/1')

const aborted: readonly Row[] = [
  { name: 'aborted before', isAborted: true, start: answers(success), cells: all('AbortedError no 0 0/0') },
  {
    name: 'aborted while connecting',
    start: ({ abort }) => faultServer(nothing, { scheme: 'https', onFirstBytes: abort }),
    cells: all('AbortedError no 1 0/0'),
  },
  {
    name: 'aborted after sending',
    start: (context) =>
      running(() => {
        context.abort()
      })(context),
    cells: GIVEN_UP,
  },
  {
    name: 'aborted within the answer',
    start: (context) =>
      running(({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')
        setTimeout(context.abort, 30)
      })(context),
    cells: GIVEN_UP,
  },
  {
    name: 'aborted in the wait after 429',
    abortsWaits: true,
    start: answers(throttled({ 'retry-after': '1' })),
    cells: all('AbortedError no 1 1/0 waits 1000'),
  },
  {
    name: 'aborted in the wait after 503',
    abortsWaits: true,
    start: answers(failure(503, 'APIGW.0613', 'ServiceUnavailable')),
    cells: split('ApiError yes 1 1/1', 'AbortedError yes 1 1/1'),
  },
  {
    name: 'aborted in the wait after a refused connection',
    abortsWaits: true,
    start: async () => wireFaultServer(await refusingServer()),
    cells: all('AbortedError no 1 0/0'),
  },
]

/** Requests for tunnels do not count. */
const proxied: readonly Row[] = byAgent(
  { name: 'forwarded by a proxy', start: forwarded(answer), cells: all('result - 1 1/1') },
  { name: 'forwarded by a proxy, closed before the response', start: forwarded(runAndClose), cells: LOST },
  { name: 'through a tunnel', start: tunneled(answer), cells: all('result - 1 1/1') },
  { name: 'through a tunnel without TLS', start: tunneled(answer, { isSecure: false }), cells: all('result - 1 1/1') },
  {
    name: 'proxy refused',
    start: async () => ({ ...wireFaultServer(await refusingServer()), agent: tunnelAgent(await refusingServer()) }),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'proxy resets instead of responding',
    start: interrupted('the request for a tunnel', reset),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'proxy closes instead of responding',
    start: interrupted('the request for a tunnel', end),
    // The agent's error has no code, which proves nothing.
    cells: split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  },
  {
    name: 'proxy never responds',
    isTimed: true,
    start: interrupted('the request for a tunnel', nothing),
    cells: all('TimeoutError no 3 0/0'),
  },
  // The agent passes it on as if it were the server's, and nothing in it shows the difference.
  {
    name: '407 of a proxy',
    start: interrupted('the request for a tunnel', pageOfProxy(407)),
    cells: all('UnexpectedResponseError yes 1 0/0'),
  },
  {
    name: '502 of a proxy',
    start: interrupted('the request for a tunnel', pageOfProxy(502)),
    cells: split('UnexpectedResponseError yes 1 0/0', 'UnexpectedResponseError yes 3 0/0'),
  },
  {
    name: '503 of a proxy',
    start: interrupted('the request for a tunnel', pageOfProxy(503)),
    cells: split('UnexpectedResponseError yes 1 0/0', 'UnexpectedResponseError yes 3 0/0'),
  },
  {
    name: 'certificate nobody trusts, through a tunnel',
    start: tunneled(answer, { isTrusted: false }),
    cells: all('ConnectionError no 1 0/0'),
  },
  {
    name: 'tunnel reset before the TLS handshake',
    start: interrupted('the first bytes of the client', reset),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'tunnel reset within the TLS handshake',
    start: interrupted('the first bytes of the origin', reset),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'tunnel closed within the TLS handshake',
    start: interrupted('the first bytes of the origin', end),
    cells: all('ConnectionError no 3 0/0'),
  },
  {
    name: 'TLS handshake through a tunnel never ends',
    isTimed: true,
    start: interrupted('the first bytes of the origin', nothing),
    cells: all('TimeoutError no 3 0/0'),
  },
  {
    name: 'aborted within the TLS handshake through a tunnel',
    start: (context) => interrupted('the first bytes of the origin', context.abort)(context),
    cells: all('AbortedError no 1 0/0'),
  },
  {
    name: 'tunnel reset as the request comes',
    // The client has completed the TLS handshake, and sends.
    start: interrupted('the second bytes of the client', reset),
    cells: split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  },
  {
    name: 'tunnel reset before the response',
    start: tunneled(({ run }, _, proxy) => {
      run()
      proxy.cut()
    }),
    cells: LOST,
  },
  {
    name: 'tunnel reset inside the response',
    start: tunneled(({ run, socket }, _, proxy) => {
      run()
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')
      setTimeout(proxy.cut, 30)
    }),
    cells: LOST,
  },
  {
    name: 'idle tunnel reset, and seen',
    start: tunneled(answer),
    afterFirstCall: async (server) => {
      server.cut('resetAndDestroy')
      await pause(80)
    },
    cells: all('result - 1 1/1'),
  },
  {
    name: 'idle tunnel reset as the request comes',
    start: tunneled((arrival, documents, proxy) => {
      if (arrival.count === 2) proxy.cut()
      else answer(arrival, documents)
    }),
    afterFirstCall: nothing,
    cells: split('ConnectionError yes 1 1/0', 'result - 2 2/1'),
  },
)

export const ROWS: readonly Row[] = [
  ...connecting,
  ...breaking,
  ...answering,
  ...late,
  ...remedied,
  ...aborted,
  ...proxied,
]

/**
 * The rows that differ where the platform's fetch sends. It does not tell how far a connection came that failed, or was
 * given up, before its handshake was over: what certainly did not run may have run, as far as can be known.
 */
export const WITH_FETCH: Readonly<Record<string, Cells>> = {
  'connecting never ends': split('TimeoutError yes 1 0/0', 'TimeoutError yes 3 0/0'),
  'TLS to a plain port': split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  'reset within the TLS handshake': split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  'closed within the TLS handshake': split('ConnectionError yes 1 0/0', 'ConnectionError yes 3 0/0'),
  'TLS handshake never ends': split('TimeoutError yes 1 0/0', 'TimeoutError yes 3 0/0'),
  'aborted while connecting': all('AbortedError yes 1 0/0'),
}

/** Runs every cell, those that do not wait for the clock in small groups. */
export async function runMatrix(transport: TransportName, scenarios: readonly Scenario[]): Promise<CellRun[]> {
  // What is slow only the first time must not count against a short timeout.
  for (const operation of OPERATIONS) await runCell({ name: 'first', start: answers(success) }, operation, transport)
  const cells = scenarios.flatMap((scenario) => OPERATIONS.map((operation) => ({ scenario, operation })))
  const run = ({ scenario, operation }: (typeof cells)[number]): Promise<CellRun> =>
    runCell(scenario, operation, transport)
  const waiting = cells.filter(({ scenario }) => scenario.isTimed === true)
  const others = cells.filter(({ scenario }) => scenario.isTimed !== true)
  return [...(await inGroups(waiting, 16, run)), ...(await inGroups(others, 8, run))]
}

/** The rows of a transport. */
export function rowsOf(transport: TransportName): Row[] {
  return ROWS.filter((row) => transport === 'sockets' || row.isOnlyForSockets !== true)
}

/** What a row must come to with this transport. */
export function expectedCell(row: Row, operation: OperationName, transport: TransportName): Cell {
  const differing = transport === 'fetch' ? WITH_FETCH[row.name] : undefined
  return (differing ?? row.cells)[operation]
}

/** One call of an operation against a server that misbehaves. */
async function runCell(scenario: Scenario, operation: OperationName, transport: TransportName): Promise<CellRun> {
  const controller = new AbortController()
  const abort = (): void => {
    controller.abort(new Error('enough'))
  }
  const server = await scenario.start({ operation, documents: DOCUMENTS[operation], abort })
  let waits: number[] = []
  let events: AttemptEvent[] = []
  const { client, call } = clientFor(operation, scenario.credentials, {
    endpoint: server.url,
    allowInsecure: true,
    maxAttempts: MAX_ATTEMPTS,
    timeoutMs: scenario.isTimed === true ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS,
    random: () => 0,
    sleep: async (ms) => {
      if (ms > 0) waits.push(ms)
      if (scenario.abortsWaits === true) abort()
      return Promise.resolve()
    },
    onAttempt: (event) => {
      events.push(event)
    },
    ...(transport === 'fetch' && { fetch: (request: Request) => globalThis.fetch(request) }),
    ...(scenario.fetch && { fetch: scenario.fetch }),
    ...(server.agent && { agent: server.agent }),
  })
  if (scenario.afterFirstCall !== undefined) {
    await call()
    server.forget()
    waits = []
    events = []
    await scenario.afterFirstCall(server)
  }
  if (scenario.isAborted === true) abort()
  const outcome = await call({ signal: controller.signal }).then(
    ({ attempts }) => ({ attempts, mayHaveRun: '-', error: undefined, name: 'result' }),
    (error: unknown) => ({ ...extentOf(error), error }),
  )
  // What is still on its way counts as well.
  await pause(5)
  const run = {
    row: scenario.name,
    operation,
    cell: [
      outcome.name,
      outcome.mayHaveRun,
      String(outcome.attempts),
      `${String(server.seen())}/${String(server.executed())}`,
      ...(waits.length > 0 ? ['waits', ...waits.map(String)] : []),
    ].join(' '),
    error: outcome.error,
    events,
    requests: [...server.requests()],
    client,
  }
  await server.close()
  return run
}

/** Of an error whose class nobody knows. */
function extentOf(error: unknown): { name: string; mayHaveRun: string; attempts: number } {
  if (!(error instanceof Error && 'mayHaveRun' in error && 'attempts' in error)) throw error
  return {
    name: error.constructor.name,
    mayHaveRun: error.mayHaveRun === true ? 'yes' : 'no',
    attempts: Number(error.attempts),
  }
}

interface Callable {
  readonly client: unknown
  readonly call: (options?: CallOptions) => Promise<{ attempts: number }>
}

const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}
const VOICE = { ...NOISE, QueueId: 'p893bcda225bf4945a378da6662e81a89' }
const ASSET = 'f488337c31c8e4622f1590735b134c65'

function clientFor(operation: OperationName, credentials: Scenario['credentials'], options: CommonOptions): Callable {
  const vod = (): ReturnType<typeof huaweiClient> =>
    huaweiClient({ ...options, credentials: huaweiSource(credentials) })
  const ci = (): ReturnType<typeof tencentClient> =>
    tencentClient({ ...options, credentials: tencentSource(credentials) })
  switch (operation) {
    case 'createExtractAudioTask': {
      const client = vod()
      return { client, call: (one) => client.createExtractAudioTask({ asset_id: ASSET }, one).withResponse() }
    }
    case 'createVoiceSeparateJob': {
      const client = ci()
      return { client, call: (one) => client.createVoiceSeparateJob(VOICE, one).withResponse() }
    }
    case 'createNoiseReductionJob': {
      const client = ci()
      return { client, call: (one) => client.createNoiseReductionJob(NOISE, one).withResponse() }
    }
    case 'unpublishAssets': {
      const client = vod()
      return { client, call: (one) => client.unpublishAssets({ asset_id: [ASSET] }, one).withResponse() }
    }
  }
}

const HUAWEI_KEY: HuaweiAccessKey = {
  accessKeyId: 'AKEXAMPLE',
  secretAccessKey: SECRETS.secretAccessKey,
  securityToken: SECRETS.securityToken,
}
const TENCENT_KEY: TencentCredentials = {
  secretId: 'TESTID',
  secretKey: SECRETS.secretKey,
  sessionToken: SECRETS.sessionToken,
}

function huaweiSource(kind: Scenario['credentials']): CredentialsSource<HuaweiCredentials> {
  const { token, expiredToken } = SECRETS
  if (kind === undefined) return HUAWEI_KEY
  if (kind === 'token') return { token }
  return inTurn({ token: expiredToken }, { token: kind === 'renewed' ? token : expiredToken })
}

function tencentSource(kind: Scenario['credentials']): CredentialsSource<TencentCredentials> {
  if (kind === undefined || kind === 'token') return TENCENT_KEY
  const expired = { ...TENCENT_KEY, sessionToken: SECRETS.expiredToken }
  return inTurn(expired, kind === 'renewed' ? TENCENT_KEY : expired)
}

/** Gives the first one once, then the other. */
function inTurn<Value>(first: Value, other: Value): () => Value {
  let isFirst = true
  return () => {
    const value = isFirst ? first : other
    isFirst = false
    return value
  }
}

const DOCUMENTS: Readonly<Record<OperationName, Documents>> = {
  createExtractAudioTask: json(202, '{"audio_asset_id":"0123456789abcdef0123456789abcdef"}'),
  createVoiceSeparateJob: xml('VoiceSeparate'),
  createNoiseReductionJob: xml('NoiseReduction'),
  unpublishAssets: json(200, `{"asset_info_array":[{"asset_id":"${ASSET}","status":"UNPUBLISHED"}]}`),
}

function json(status: number, success: string): Documents {
  return {
    provider: 'huawei',
    status,
    success,
    lacking: '{"something":"else"}',
    error: (error_code, error_msg) => JSON.stringify({ error_code, error_msg: error_msg ?? 'no', request_id: 'one' }),
  }
}

function xml(tag: string): Documents {
  const job = `<Code>Success</Code><JobId>jabcxxxxfeipplsdfwe</JobId><State>Submitted</State><Tag>${tag}</Tag>`
  return {
    provider: 'tencent',
    status: 200,
    success: `<Response><JobsDetail>${job}</JobsDetail></Response>`,
    lacking: '<Response><Other>1</Other></Response>',
    error: (code, message) => {
      const codeElement = code === undefined ? '' : `<Code>${code}</Code>`
      return `<Error>${codeElement}<Message>${escaped(message ?? 'no')}</Message><RequestId>one</RequestId></Error>`
    },
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function halfOf(text: string): string {
  return text.slice(0, text.length / 2)
}

/** A reply for each request in turn; the last one for all that follow. */
export function answers(
  ...replies: ((documents: Documents, request: SeenRequest) => Reply)[]
): (context: CellContext) => Promise<FaultServer> {
  return ({ documents }) =>
    faultServer(({ reply, request, count }) => {
      const make = replies[Math.min(count, replies.length) - 1]
      if (make !== undefined) reply(atNewYear(make(documents, request)))
    })
}

/** The servers' clock agrees with the clients' unless a reply says otherwise. */
function atNewYear(reply: Reply): Reply {
  return { ...reply, headers: { date: new Date(NEW_YEAR).toUTCString(), ...reply.headers } }
}

/** Runs the operation, then does something else than to answer. */
function running(
  misbehave: (arrival: Arrival, documents: Documents) => unknown,
): (context: CellContext) => Promise<FaultServer> {
  return ({ documents }) =>
    faultServer((arrival) => {
      arrival.run()
      misbehave(arrival, documents)
    })
}

/** Answers well, but for the second request if there is something else to do about it. */
function keptAlive(
  afterFirst: (arrival: Arrival) => unknown = nothing,
  onSecond?: (arrival: Arrival) => unknown,
): (context: CellContext) => Promise<FaultServer> {
  return ({ documents }) =>
    faultServer((arrival) => {
      if (arrival.count === 2 && onSecond !== undefined) {
        onSecond(arrival)
        return
      }
      arrival.reply(success(documents))
      if (arrival.count === 1) afterFirst(arrival)
    })
}

type BehindProxy = (arrival: Arrival, documents: Documents, proxy: ProxyServer) => void

function byAgent(...rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, isOnlyForSockets: true }))
}

interface Tunnel {
  readonly interruption?: Interruption
  /** Whether the server speaks TLS. Default: true. */
  readonly isSecure?: boolean
  /** Whether the client trusts its certificate. Default: true. */
  readonly isTrusted?: boolean
}

/** Behind a proxy that opens tunnels and keeps them. */
function tunneled(
  onRequest: BehindProxy,
  { interruption, isSecure = true, isTrusted = true }: Tunnel = {},
): (context: CellContext) => Promise<FaultServer> {
  return async ({ documents }) => {
    const proxy = await proxyServer(interruption)
    const server = await faultServer(
      (arrival) => {
        onRequest(arrival, documents, proxy)
      },
      { isSecure },
    )
    const agent = tunnelAgent(proxy, { keepAlive: true, ...(isTrusted && { ca: selfSigned().cert }) })
    return { ...server, agent, cut: proxy.cut }
  }
}

function interrupted(stage: TunnelStage, act: Interruption['act']): (context: CellContext) => Promise<FaultServer> {
  return tunneled(answer, { interruption: { stage, act } })
}

/** Behind a proxy that receives requests for URLs. */
function forwarded(onRequest: BehindProxy): (context: CellContext) => Promise<FaultServer> {
  return async ({ documents }) => {
    const proxy = await proxyServer()
    const server = await faultServer((arrival) => {
      onRequest(arrival, documents, proxy)
    })
    return { ...server, agent: forwardAgent(proxy) }
  }
}

function answer({ reply }: Arrival, documents: Documents): void {
  reply(success(documents))
}

function runAndClose({ run, socket }: Arrival): void {
  run()
  socket.destroy()
}

function reset(socket: Socket): void {
  socket.resetAndDestroy()
}

function end(socket: Socket): void {
  socket.end()
}

/** Responds with a page instead of opening a tunnel. */
function pageOfProxy(status: number): (client: Socket) => void {
  return (client) => {
    const head = `HTTP/1.1 ${String(status)} No\r\ncontent-type: text/html\r\ncontent-length: ${String(HTML.length)}`
    client.end(`${head}\r\n\r\n${HTML}`)
  }
}

/** The emulator, which checks signatures, with its clock ahead of the clients'. */
function emulated(aheadMs: number): () => Promise<FaultServer> {
  return () =>
    emulatorServer(
      createEmulator({
        huawei: { credentials: HUAWEI_KEY },
        tencent: { credentials: TENCENT_KEY },
        now: () => NEW_YEAR + aheadMs,
      }),
    )
}

function unlessExpired(): (context: CellContext) => Promise<FaultServer> {
  return answers((documents, { text }) =>
    text.includes(SECRETS.expiredToken)
      ? refusal(documents.provider === 'huawei' ? 401 : 400, 'APIGW.0307', 'ExpiredToken')(documents)
      : success(documents),
  )
}

function success({ status, success }: Documents): Reply {
  return { status, body: success, runs: true }
}

function refusal(status: number, huaweiCode: string, tencentCode: string): (documents: Documents) => Reply {
  return (documents) => ({ ...failure(status, huaweiCode, tencentCode)(documents), runs: false })
}

function failure(status: number, huaweiCode?: string, tencentCode?: string): (documents: Documents) => Reply {
  return ({ provider, error }) => ({
    status,
    body: error(provider === 'huawei' ? huaweiCode : tencentCode),
    runs: true,
  })
}

function page(status: number): () => Reply {
  return () => ({ status, headers: { 'content-type': 'text/html' }, body: HTML, runs: true })
}

function throttled(headers: Readonly<Record<string, string>>): (documents: Documents) => Reply {
  return ({ provider, error }) => ({
    status: 429,
    headers,
    body:
      provider === 'huawei'
        ? error(
            'APIGW.0308',
            'The throttling threshold has been reached: policy user over ratelimit,limit:1,time:1 second',
          )
        : error('SlowDown'),
    runs: false,
  })
}

function clockRefusal(aheadMs: number): (documents: Documents) => Reply {
  return ({ provider, error }) => ({
    status: provider === 'huawei' ? 401 : 403,
    headers: { date: new Date(NEW_YEAR + aheadMs).toUTCString() },
    body:
      provider === 'huawei'
        ? error('APIGW.0301', 'Incorrect IAM authentication information: signature expired')
        : error('RequestTimeTooSkewed'),
    runs: false,
  })
}

function resetAfter(bytes: string): (arrival: Arrival) => void {
  return ({ socket }) => {
    socket.write(bytes)
    // Later, so that the bytes are read before the reset.
    setTimeout(() => socket.resetAndDestroy(), 30)
  }
}

let full: ReturnType<typeof fullServer> | undefined

/** Filling the queue takes its time, and nothing of it is used up. */
function sharedFullServer(): ReturnType<typeof fullServer> {
  return (full ??= fullServer())
}

function nothing(): void {
  // As the name says.
}

function all(cell: Cell): Cells {
  return split(cell, cell)
}

function split(submits: Cell, unpublish: Cell): Cells {
  return {
    createExtractAudioTask: submits,
    createVoiceSeparateJob: submits,
    createNoiseReductionJob: submits,
    unpublishAssets: unpublish,
  }
}

async function inGroups<Item, Result>(
  items: readonly Item[],
  size: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.values()
  const worker = async (): Promise<void> => {
    // One iterator for all: each takes the next item as soon as it is free.
    for (const item of waiting) results.push(await run(item))
  }
  await Promise.all(Array.from({ length: size }, worker))
  return results
}
