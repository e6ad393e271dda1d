import type { Job } from '../../../generated/tencent-ci/types.js'
import { jobFinished } from '../../../generated/tencent-ci/webhooks.js'
import { findIssues } from '../../client/validation.js'
import { CallbackError } from '../../errors/callback-error.js'
import { listIssues } from '../../errors/errors.js'
import {
  isRequest,
  readCallback,
  readRawCallback,
  type CallbackBody,
  type CallbackRequest,
} from '../../receiving/input.js'
import { shapeXml } from '../../xml/decode.js'
import { readXml, XmlDecodeError } from '../../xml/read.js'
import { readJson } from './read-json.js'

/** A job as a callback shows it. Nothing vouches for it: anyone who knows the URL can send one. */
export type UnconfirmedJob = Job & {
  /** False: the job was not read from the provider. */
  readonly confirmed?: false
}

/**
 * Parses a callback of CI, as XML or JSON, with one job or several.
 *
 * Nothing vouches for the result. To believe it, use `confirmCallback` of a client instead.
 *
 * Source: https://www.tencentcloud.com/document/product/1045/49531
 *
 * @param input a Request, or the raw body, alone or with its headers
 * @throws CallbackError if the input is not a callback
 */
export function parseJobCallback(input: CallbackRequest | CallbackBody): UnconfirmedJob[]
export function parseJobCallback(input: Request): Promise<UnconfirmedJob[]>
export function parseJobCallback(
  input: Request | CallbackRequest | CallbackBody,
): UnconfirmedJob[] | Promise<UnconfirmedJob[]> {
  const operation = 'parseJobCallback'
  const unconfirmed = (jobs: readonly Job[]): UnconfirmedJob[] => jobs.map((job) => ({ ...job, confirmed: false }))
  return isRequest(input)
    ? readCallback(operation, input).then(({ text }) => unconfirmed(jobsIn(operation, text)))
    : unconfirmed(jobsIn(operation, readRawCallback(operation, input).text))
}

/** @throws CallbackError if the text is not a callback */
export function jobsIn(operation: string, text: string): Job[] {
  const { value } = documentIn(operation, text)
  const issues = findIssues(jobFinished.messages.JobCallback.essentials, value)
  if (issues.length > 0) throw new CallbackError(operation, 'invalid-body', `the callback: ${listIssues(issues)}`)
  // Shaped by the table, and its required fields were checked.
  return (value as unknown as { readonly JobsDetail: Job[] }).JobsDetail
}

/** No page names the content type of JSON, so the first character decides (ERRATA 202). */
function documentIn(operation: string, text: string): ReturnType<typeof shapeXml> {
  const { xml } = jobFinished
  try {
    const root = /^[ \t\r\n]*</.test(text) ? readXml(text) : { name: xml.name, content: readJson(text) }
    return shapeXml(root, [xml])
  } catch (error) {
    if (!(error instanceof XmlDecodeError)) throw error
    throw new CallbackError(operation, 'invalid-body', `the body is not a callback: ${error.message}`)
  }
}
