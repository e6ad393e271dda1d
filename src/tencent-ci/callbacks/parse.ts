import type { Job } from '../../../generated/tencent-ci/types.js'
import { jobFinished } from '../../../generated/tencent-ci/webhooks.js'
import {
  isRequest,
  readCallback,
  readRawCallback,
  type CallbackBody,
  type CallbackInput,
  type CallbackRequest,
} from '../../receiving/input.js'
import { jobsIn } from './jobs-in.js'

/** A job as a callback shows it, without proof: anyone who knows the URL can send a callback. */
export type UnconfirmedJob = Job & {
  /** False: the job was not read from the provider. */
  readonly confirmed?: false
}

/**
 * Parses a callback of CI, as XML or JSON, with one job or several.
 *
 * The result is not verified: to verify it, use `confirmCallback` of a client instead.
 *
 * Source: https://www.tencentcloud.com/document/product/1045/49531
 *
 * @param input a Request, or the raw body, alone or with its headers
 * @throws CallbackError if the input is not a callback
 */
export function parseJobCallback(input: CallbackRequest | CallbackBody): UnconfirmedJob[]
export function parseJobCallback(input: Request): Promise<UnconfirmedJob[]>
export function parseJobCallback(input: CallbackInput | CallbackBody): UnconfirmedJob[] | Promise<UnconfirmedJob[]>
export function parseJobCallback(input: CallbackInput | CallbackBody): UnconfirmedJob[] | Promise<UnconfirmedJob[]> {
  return isRequest(input)
    ? readCallback(OPERATION, input).then(unconfirmedJobs)
    : unconfirmedJobs(readRawCallback(OPERATION, input))
}

const OPERATION = 'parseJobCallback'

function unconfirmedJobs({ text }: { readonly text: string }): UnconfirmedJob[] {
  const { xml, messages } = jobFinished
  const jobs = jobsIn(OPERATION, text, { xml, essentials: messages.JobCallback.essentials })
  return jobs.map((job) => ({ ...job, confirmed: false }))
}
