import type { Facts } from '../../generate/read/provider-facts.js'
import type { Provider } from '../../generate/read/provider.js'
import { isRecord } from '../../generate/document-place.js'
import { bodyText, codeIn, examplesOf, type Example } from './examples.js'

/** The documented error responses by their code, each once. */
export function documentedErrors({ operations }: Provider): ReadonlyMap<string, readonly Example[]> {
  const bodies = operations.flatMap(({ responses }) => responses.flatMap(({ body }) => body ?? []))
  const examples = new Map(bodies.flatMap(examplesOf).map((example) => [example.text, example]))
  const byCode = new Map<string, Example[]>()
  for (const example of examples.values()) {
    const name = codeIn(example.value)
    if (name !== undefined) byCode.set(name, [...(byCode.get(name) ?? []), example])
  }
  return byCode
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
