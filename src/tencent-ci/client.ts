import { errorCodes } from '../../generated/tencent-ci/error-codes.js'
import type { TencentCiMethods } from '../../generated/tencent-ci/methods.js'
import { operations } from '../../generated/tencent-ci/operations.js'
import { provider as facts, type serverVariables } from '../../generated/tencent-ci/provider.js'
import type { TencentCiRaw } from '../../generated/tencent-ci/raw.js'
import type { Job, ListJobsRequest } from '../../generated/tencent-ci/types.js'
import { createClient } from '../client/client.js'
import { lazily } from '../client/lazily.js'
import { checkOptionNames, createSettings, type CallOptions, type CommonOptions } from '../client/options.js'
import type { Provider } from '../sending/provider.js'
import type { CredentialsSource } from '../signing/credentials.js'
import type { CallbackBody, CallbackInput } from '../receiving/input.js'
import { checkBucket } from './bucket.js'
import { tencentCredentials, type TencentCredentials } from './credentials.js'
import type { SubmittedJob } from './ambiguous-job-error.js'
import type { FindJobContext, FindJobOptions } from './find-job.js'
import { headSigner } from './sign.js'
import type { EachOptions } from '../waiting/pages.js'
import { Submissions, type JobRequest } from './submissions.js'
import type { TencentCiWaiting, WaitForJobOptions } from './waiting.js'
import { xmlBodies } from './xml-bodies.js'

/** A region of CI: the known ones, and any other. */
export type TencentCiRegion = (typeof serverVariables.region.known)[number] | (string & {})

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
  /**
   * Finds the job of a submission whose response was lost; resolves with undefined if there is none.
   *
   * Lists the jobs that have the same source and were created since, and compares queue, template, `UserData`, and
   * outputs. With `startedAt` of an error, it ignores jobs that certainly belong to another submission of this client.
   * Unless the request has its own `UserData`, findJob cannot distinguish its job from an equal one that was created
   * since. How soon the list has a new job is not documented: before you submit again, wait a few seconds and call
   * findJob again.
   *
   * @throws AmbiguousJobError if several jobs may belong to the submission, or several equal submissions may have run
   * @throws ConfigurationError for an option, and the errors of `listJobs`
   */
  findJob(request: JobRequest, options: FindJobOptions): Promise<SubmittedJob | undefined>

  /**
   * Reads the jobs that a callback of CI names, in its order, each once.
   *
   * A callback proves nothing, so only its IDs are used, and the result is what CI returns for them. Check `State`: if
   * the callback is forged, the job may still be running. CI may send a callback more than once.
   *
   * @param callback a Request, or the raw body, alone or with its headers
   * @throws CallbackError if the input is not a callback, has more than ten jobs, or names a job that does not exist,
   * or that belongs to another bucket than `bucket`, if that is set
   * @throws ConfigurationError for an option, and the errors of `getJobs`
   */
  confirmCallback(callback: CallbackInput | CallbackBody, options?: CallOptions): Promise<Job[]>
}

const RECOVERY = 'Before you submit again, call findJob with the same request and { since: error.startedAt }.'

const signHead = /* @__PURE__ */ headSigner()

const provider: Provider<TencentCredentials> = {
  facts,
  errorCodes,
  credentialsKind: tencentCredentials,
  sign: (head, _, credentials, date) => signHead(head, credentials, date),
  loadAdvice: /* @__PURE__ */ lazily(() => import('../../generated/tencent-ci/advice.js')),
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
  const submissions = new Submissions()
  const client = createClient<TencentCiMethods & Pick<TencentCiClient, 'raw'>>(
    { operations, documents: facts.documents, bodies: xmlBodies, recovery: RECOVERY, observer: submissions },
    settings,
  )
  const { now, totalTimeoutMs } = settings
  const context: FindJobContext = { client, submissions, now, totalTimeoutMs }
  const waiting = lazily(async () => (await import('./waiting.js')).createWaiting(client, settings))
  const finding = lazily(() => import('./find-job.js'))
  const callbacks = lazily(() => import('./callbacks/confirm.js'))
  return Object.assign(client, {
    waitForJob: async <AnyJob extends Job>(job: AnyJob | string, wait?: WaitForJobOptions<AnyJob>) =>
      (await waiting()).waitForJob(job, wait),
    eachJob: async function* (query: ListJobsRequest, each?: EachOptions) {
      yield* (await waiting()).eachJob(query, each)
    },
    findJob: async (request: JobRequest, search: FindJobOptions) => (await finding()).findJob(request, search, context),
    confirmCallback: async (callback: CallbackInput | CallbackBody, call?: CallOptions) =>
      (await callbacks()).confirmCallback(callback, client, bucket, call),
  })
}
