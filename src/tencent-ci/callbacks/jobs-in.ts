import type { Job } from '../../../generated/tencent-ci/types.js'
import { findIssues, type Schema } from '../../client/validation.js'
import { CallbackError } from '../../errors/callback-error.js'
import { listIssues } from '../../errors/errors.js'
import { shapeXml } from '../../xml/decode.js'
import type { XmlElement, XmlNode } from '../../xml/element.js'
import { readXml } from '../../xml/read.js'
import { readJson } from './read-json.js'

/** The form of a body with jobs. */
interface Form {
  readonly xml: XmlElement
  readonly essentials: Schema
}

/**
 * The jobs in the body of a callback, as XML or JSON.
 *
 * @throws CallbackError if the text is not such a body
 */
export function jobsIn(operation: string, text: string, form: Form): Job[] {
  const value = shaped(operation, text, form)
  const issues = findIssues(form.essentials, value)
  if (issues.length > 0) throw new CallbackError(operation, 'invalid-body', `the callback: ${listIssues(issues)}`)
  // Shaped by the table, and its required fields were checked.
  return (value as unknown as { readonly JobsDetail: Job[] }).JobsDetail
}

/** No page names the content type of JSON, so the first character decides (ERRATA 202). */
function shaped(operation: string, text: string, { xml }: Form): XmlNode {
  try {
    const root = /^[ \t\r\n]*</.test(text) ? readXml(text) : { name: xml.name, content: readJson(text) }
    return shapeXml(root, [xml]).value
  } catch (error) {
    // An XmlDecodeError, or the SyntaxError of JSON.parse.
    throw new CallbackError(operation, 'invalid-body', `the body is not a callback: ${String(error)}`)
  }
}
