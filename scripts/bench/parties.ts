// The processes that measurements share: the server, and one per contestant.
import { start, type Worker } from './processes.js'

export const SERVICES = ['huawei-vod', 'tencent-ci'] as const
export type Service = (typeof SERVICES)[number]
export const CONTESTANTS = ['ours', 'sdk', 'node:http', 'fetch'] as const
/** `before` is an earlier build of ours. */
export type Contestant = (typeof CONTESTANTS)[number] | 'before'
export const SCHEMES = ['http', 'https'] as const
export type Scheme = (typeof SCHEMES)[number]

/** The files that the processes need. */
export interface Place {
  /** Our build. */
  readonly dist: string
  /** An earlier build of ours to compare with. */
  readonly before: string | undefined
  /** The folder with the providers' SDKs, which is also the home directory of every contestant. */
  readonly folder: string
  /** The root of the sources, for our XML codec. */
  readonly root: string
  /** The server's private key and certificate. */
  readonly key: string
  readonly certificate: string
}

/** The order for the process of a contestant: who it is, and where it finds what it needs. */
export interface Order {
  readonly service: Service
  readonly contestant: Contestant
  readonly endpoint: string
  readonly dist: string | undefined
  readonly folder: string
}

export interface Server {
  readonly endpointOf: (scheme: Scheme, contestant: Contestant) => string
  /** The TLS handshakes of each contestant since the start. */
  readonly handshakes: () => Promise<readonly number[]>
  readonly end: () => void
}

export interface Party extends Worker {
  readonly contestant: Contestant
}

export function contestantsIn({ before }: Place): readonly Contestant[] {
  return before === undefined ? CONTESTANTS : [...CONTESTANTS, 'before']
}

export function orderFor(
  { dist, before, folder }: Place,
  service: Service,
  contestant: Contestant,
  endpoint: string,
): Order {
  return { service, contestant, endpoint, folder, dist: contestant === 'before' ? before : dist }
}

/** Starts the server. If it has an idle limit, its responses name it. */
export async function startServer(place: Place, idleLimitMs = 0): Promise<Server> {
  const { key, certificate, folder } = place
  const contestants = contestantsIn(place)
  const order = { key, certificate, secure: contestants.length, idleLimitMs }
  const { answer, ask, end } = await start('server.mjs', order, { home: folder })
  // The messages are those of server.mjs.
  const { http, https } = answer as { http: string; https: readonly string[] }
  return {
    endpointOf: (scheme, contestant) => (scheme === 'http' ? http : String(https[contestants.indexOf(contestant)])),
    handshakes: () => ask({}) as Promise<readonly number[]>,
    end,
  }
}

/** Starts a process for each contestant. */
export async function startParties(
  place: Place,
  server: Server,
  service: Service,
  scheme: Scheme,
): Promise<readonly Party[]> {
  const parties: Party[] = []
  for (const contestant of contestantsIn(place)) {
    const order = orderFor(place, service, contestant, server.endpointOf(scheme, contestant))
    const trusted = scheme === 'https' ? { trusted: place.certificate } : {}
    parties.push({ contestant, ...(await start('calls.mjs', order, { home: place.folder, ...trusted })) })
  }
  return parties
}
