import { errorCodes } from '../../generated/tencent-ci/error-codes.js'
import type { TencentCiMethods } from '../../generated/tencent-ci/methods.js'
import { operations } from '../../generated/tencent-ci/operations.js'
import { provider as facts } from '../../generated/tencent-ci/provider.js'
import type { TencentCiRaw } from '../../generated/tencent-ci/raw.js'
import { createClient } from '../client/client.js'
import { checkOptionNames, createSettings, type CommonOptions } from '../client/options.js'
import type { Provider } from '../sending/provider.js'
import type { CredentialsSource } from '../signing/credentials.js'
import { checkBucket } from './bucket.js'
import { tencentCredentials, type TencentCredentials } from './credentials.js'
import { signTencentRequest } from './sign.js'
import { createWaiting, type TencentCiWaiting } from './waiting.js'
import { xmlBodies } from './xml-bodies.js'

/** A region of CI: the known ones, and any other. */
export type TencentCiRegion = (typeof facts.server.variables.region.known)[number] | (string & {})

/** The options of a client for Tencent Cloud CI. */
export interface TencentCiClientOptions extends CommonOptions {
  /** Region of the bucket. Required unless `endpoint` is set. */
  readonly region?: TencentCiRegion
  /** The bucket with its APPID, such as `examplebucket-1250000000`. Required unless `endpoint` is set. */
  readonly bucket?: string
  /** A key pair, or a function that returns one. */
  readonly credentials: CredentialsSource<TencentCredentials>
}

/** A request without its `Tag`, which every method adds. The request types themselves take either form. */
export type Untagged<Request extends { Tag?: string }> = Omit<Request, 'Tag'> & Partial<Pick<Request, 'Tag'>>

/** A client for Tencent Cloud CI: a method for each operation of the spec, and waits and iterations over these. */
export interface TencentCiClient extends TencentCiMethods, TencentCiWaiting {
  /** The openapi-fetch clients: typed paths, signed requests, XML both ways, without validation and unwrapping. */
  readonly raw: TencentCiRaw
}

const provider: Provider<TencentCredentials> = {
  facts,
  errorCodes,
  credentialsKind: tencentCredentials,
  sign: ({ method, url, headers }, credentials, date) =>
    signTencentRequest({ method, url, headers, credentials, date }),
}

/**
 * Creates a client for Tencent Cloud CI.
 *
 * @throws ConfigurationError if an option is missing or wrong
 */
export function createTencentCiClient(options: TencentCiClientOptions): TencentCiClient {
  checkOptionNames(options, ['region', 'bucket', 'credentials'])
  const { region, bucket } = options
  if (bucket !== undefined) checkBucket(bucket)
  const settings = createSettings(options, provider, facts.server.url, { region, bucket })
  const tables = { operations, documents: facts.documents, bodies: xmlBodies }
  const client = createClient<TencentCiMethods & Pick<TencentCiClient, 'raw'>>(tables, settings)
  return Object.assign(client, createWaiting(client, settings))
}
