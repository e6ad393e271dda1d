import type { Answer } from '../sending/answer.js'

/** The response to a request, with another text as its body. */
export function responseOf(answer: Answer, text: string | undefined): Response {
  const headers = new Headers([...answer.headers])
  // They describe the provider's bytes, not this text.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  // No Response with one of these statuses can have a body.
  const hasBody = text !== undefined && text !== '' && ![204, 205, 304].includes(answer.status)
  return new Response(hasBody ? text : null, { status: answer.status, headers })
}
