import { errorCodes } from '../../generated/huawei-vod/error-codes.js'
import type { HuaweiVodMethods } from '../../generated/huawei-vod/methods.js'
import { operations } from '../../generated/huawei-vod/operations.js'
import { provider as facts, type serverVariables } from '../../generated/huawei-vod/provider.js'
import type { HuaweiVodRaw } from '../../generated/huawei-vod/raw.js'
import { createClient } from '../client/client.js'
import { lazily } from '../client/lazily.js'
import { checkOptionNames, createSettings, type CommonOptions } from '../client/options.js'
import type { Provider } from '../sending/provider.js'
import type { Authentication, Awaitable, RequestHead, UnsignedRequest } from '../signing/authentication.js'
import type { CredentialsSource } from '../signing/credentials.js'
import { optionalHeader } from '../signing/signing-input.js'
import { huaweiCredentials, type HuaweiCredentials } from './credentials.js'
import { checkProjectId } from './project-id.js'
import { jsonBodies } from './json-bodies.js'
import { headSigner } from './sign.js'
import type { HuaweiVodWaiting } from './waiting.js'

/** A region of VOD: the known ones, and any other. */
export type HuaweiVodRegion = (typeof serverVariables.region.known)[number] | (string & {})

/** The options of a client for Huawei Cloud VOD. */
export interface HuaweiVodClientOptions extends CommonOptions {
  /** Region of the service, as in its host name. Required unless `endpoint` is set. */
  readonly region?: HuaweiVodRegion
  /** ID of the project that owns the assets, in that region. */
  readonly projectId: string
  /** An access key, a token, or a function that returns either. */
  readonly credentials: CredentialsSource<HuaweiCredentials>
}

/** A client for Huawei Cloud VOD: a method for each operation of the spec, and waits and iterations over these. */
export interface HuaweiVodClient extends HuaweiVodMethods, HuaweiVodWaiting {
  /** The openapi-fetch client: typed paths and signed requests, without validation and unwrapping. */
  readonly raw: HuaweiVodRaw
}

const provider: Provider<HuaweiCredentials> = {
  facts,
  errorCodes,
  credentialsKind: huaweiCredentials,
  sign,
  loadAdvice: /* @__PURE__ */ lazily(() => import('./advice.js')),
}

/**
 * Creates a client for Huawei Cloud VOD.
 *
 * @throws ConfigurationError if an option is missing or wrong
 */
export function createHuaweiVodClient(options: HuaweiVodClientOptions): HuaweiVodClient {
  checkOptionNames(options, ['region', 'projectId', 'credentials'])
  const { region, projectId } = options
  checkProjectId(projectId)
  const settings = createSettings(options, provider, facts.server.url, { region, projectId })
  const tables = { operations, documents: facts.documents, bodies: jsonBodies }
  const client = createClient<HuaweiVodMethods & Pick<HuaweiVodClient, 'raw'>>(tables, settings)
  const waiting = lazily(async () => (await import('./waiting.js')).createWaiting(client, settings))
  return Object.assign(client, {
    waitForAsset: async (...given) => (await waiting()).waitForAsset(...given),
    eachAsset: async function* (...given) {
      yield* (await waiting()).eachAsset(...given)
    },
  } satisfies HuaweiVodWaiting)
}

const signHead = /* @__PURE__ */ headSigner()

/** Adds a token, or signs with an access key. */
function sign(
  head: RequestHead,
  body: UnsignedRequest['body'],
  credentials: HuaweiCredentials,
  date: Date,
): Awaitable<Authentication> {
  if ('token' in credentials) {
    return { headers: optionalHeader(facts.securityHeaders.token.toLowerCase(), credentials.token) }
  }
  return signHead(head, body, credentials, date)
}
