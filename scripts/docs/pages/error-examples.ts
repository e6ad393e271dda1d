import type { Facts } from '../../generate/read/provider-facts.js'
import type { Provider } from '../../generate/read/provider.js'
import { isRecord } from '../../generate/document-place.js'
import { bodyText, codeIn, examplesOf, type Example } from './examples.js'

/** The documented error responses with a code, each once. */
export function documentedErrors(name: string, { operations }: Provider): Example[] {
  const bodies = operations.flatMap(({ responses }) => responses.flatMap(({ body }) => body ?? []))
  const found = bodies.flatMap((body) => examplesOf(body).filter(({ value }) => codeIn(value) === name))
  return [...new Map(found.map((example) => [example.text, example])).values()]
}

/** The body that the emulator sends with a code, without IDs. */
export function emulatedError(
  name: string,
  { message = name }: Facts['errorCodes'][string],
  { operations }: Provider,
): Pick<Example, 'language' | 'text'> {
  const [body] = operations.flatMap(({ responses }) => responses.flatMap((response) => response.body ?? []))
  if (body?.contentType !== 'application/xml') {
    return { language: 'json', text: bodyText({ error_code: name, error_msg: message }) }
  }
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const lines = ['<Error>', `  <Code>${name}</Code>`, `  <Message>${escaped}</Message>`, '</Error>']
  return { language: 'xml', text: lines.join('\n') }
}

/** The provider's message in a body. */
export function messageIn(value: unknown): string | undefined {
  if (typeof value === 'string') return /<Message>([^<]+)<\/Message>/.exec(value)?.[1]
  return isRecord(value) && typeof value['error_msg'] === 'string' ? value['error_msg'] : undefined
}
