import fc from 'fast-check'
import { anyCharacter } from '../support/any-character.js'

/** A request in the pieces a signer has to put together again, and as it goes over the wire. */
export interface GeneratedRequest {
  readonly method: string
  readonly host: string
  /** Decoded. */
  readonly segments: readonly string[]
  /** Decoded. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Names in any case, values without white space around them. */
  readonly headers: readonly { readonly name: string; readonly value: string; readonly padded: string }[]
  readonly token: string | undefined
  readonly date: Date
  readonly body: string
  readonly url: string
}

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('aZ09-._~!\'()*+ %&=/?#;:@,$[]\\"<>{}|^`'), '一', 'é', '😀', '\uff01'),
    maxLength: 8,
  }),
)
// A URL resolves these two, in whatever way they are written.
const segment = text.filter((value) => value !== '.' && value !== '..')

/** Ways to write the same text in a URL. */
const spelling = fc.constantFrom<(part: string) => string>(
  (part) => encodeURIComponent(part),
  (part) => encodeURIComponent(part).replaceAll('%2B', '+'),
  (part) => encodeURIComponent(part).replace(/%../g, (escape) => escape.toLowerCase()),
  (part) => Array.from(Buffer.from(part), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
)

const path = fc.array(fc.tuple(segment, spelling), { minLength: 1, maxLength: 4 })
const query = fc.array(
  // Few names, so that they repeat, in both cases.
  fc.tuple(fc.oneof(fc.constantFrom('', 'a', 'A', 'b', '!', '😀', '\uff01'), text), text, spelling, fc.boolean()),
  { maxLength: 6 },
)
const padding = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 2 })
const word = fc.string({
  unit: fc.constantFrom(...Array.from('aZ09-;:,="%/+*'), 'é', '一'),
  minLength: 1,
  maxLength: 6,
})
const header = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('Content-Type', 'x-project-id', 'X-CI-Flag', 'UPPER_SCORE', 'under_score', 'range'),
      fc.stringMatching(/^[A-Za-z][A-Za-z0-9!~.-]{0,5}$/),
    ),
    fc.array(word, { maxLength: 3 }),
    fc.constantFrom(' ', '  ', '\t'),
    padding,
    padding,
  )
  .map(([name, words, gap, before, after]) => {
    const value = words.join(gap)
    return { name, value, padded: before + value + after }
  })
  // Host has a place of its own in the request.
  .filter(({ name }) => name.toLowerCase() !== 'host')
const headers = fc.uniqueArray(header, { maxLength: 5, selector: ({ name }) => name.toLowerCase() })

/** Any request: reserved and other characters everywhere, repeated and empty names, odd white space, empty bodies. */
export const anyRequest: fc.Arbitrary<GeneratedRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'get', 'Post'),
    host: fc.constantFrom('media.example.com', 'media.example.com:8443', '127.0.0.1:4010'),
    path,
    query,
    headers,
    token: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,12}$/), { nil: undefined }),
    date: fc.date({
      min: new Date('1970-01-01T00:00:00Z'),
      max: new Date('2099-12-31T23:59:59Z'),
      noInvalidDate: true,
    }),
    body: fc.oneof(fc.constant(''), fc.string({ unit: anyCharacter, maxLength: 40 })),
  })
  .map(({ path, query, ...request }) => ({
    ...request,
    segments: path.map(([value]) => value),
    query: query.map(([name, value]) => [name, value] as const),
    url: `https://${request.host}/${path.map(([value, spell]) => spell(value)).join('/')}${queryString(query)}`,
  }))

function queryString(query: readonly [string, string, (part: string) => string, boolean][]): string {
  if (query.length === 0) return ''
  const pairs = query.map(([name, value, spell, bare]) =>
    bare && name !== '' && value === '' ? spell(name) : `${spell(name)}=${spell(value)}`,
  )
  return `?${pairs.join('&')}`
}

/** The headers as they are handed to a signer. */
export function headersOf(request: GeneratedRequest): Record<string, string> {
  return Object.fromEntries(request.headers.map(({ name, padded }) => [name, padded]))
}

/** RFC 3986, from the bytes up. */
export function percentEncode(value: string): string {
  return Array.from(Buffer.from(value), (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
  }).join('')
}

/** By the bytes, first name and then value. */
export function byBytes(a: readonly [string, string], b: readonly [string, string]): number {
  return Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) || Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1]))
}
