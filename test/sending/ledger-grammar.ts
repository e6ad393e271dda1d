import { gzipSync } from 'node:zlib'
import { errorCodes as huaweiCodes } from '../../generated/huawei-vod/error-codes.js'
import { errorCodes as tencentCodes } from '../../generated/tencent-ci/error-codes.js'
import type { ErrorCode } from '../../src/sending/provider.js'
import { NEW_YEAR } from '../support/clients.js'

/**
 * The productions of one part of a response. A code and a status that the spec lists as a refusal prove that nothing ran,
 * unless a production is doubtful: it contradicts the refusal or damages it.
 */
export interface Rule<Value> {
  readonly sure: readonly Production<Value>[]
  readonly doubtful?: readonly Production<Value>[]
}

type Production<Value> = readonly [weight: number, name: string, value: Value]
type Header = [name: string, value: string]
/** A part of a document in both formats. `{id}` stands for the ID of what the operation creates. */
type Part = Readonly<Record<Format, string>>
type Format = 'json' | 'xml'
type Codes = readonly (readonly [code: string, known: ErrorCode])[]

const CODES: Readonly<Record<Format, Codes>> = { json: Object.entries(huaweiCodes), xml: Object.entries(tencentCodes) }
const NOTHING: Part = { json: '', xml: '' }

/** Undefined for a result. */
const code: Rule<(codes: Codes, draw: Draw) => string | undefined> = {
  sure: [
    [30, 'result', () => undefined],
    [12, 'refusal', codeWhere(({ refusal }) => refusal)],
    [14, 'throttle', codeWhere(({ cure }) => cure === 'throttled')],
    [7, 'clock refusal', codeWhere(({ cure }, code) => cure === 'clock' || code === 'APIGW.0301')],
    [5, 'token refusal', codeWhere(({ cure }) => cure === 'token')],
    [10, 'code that is not a refusal', codeWhere(({ refusal }) => !refusal)],
    ...each(3, 'Brand.New', 'constructor', ' ').map(([weight, name]) => [weight, name, () => name] as const),
  ],
}

/** Which status leaves a refusal in doubt depends on the code. */
const status: Rule<(listed: readonly number[], draw: Draw) => number> = {
  sure: [
    [60, 'listed status', (listed, draw) => draw.item(listed)],
    [10, 'success', (_, draw) => draw.item([200, 201, 202, 203, 206, 299])],
    [3, 'status without a body', (_, draw) => draw.item([204, 205, 304])],
    [6, 'any status', (_, draw) => draw.within(200, 599)],
    [5, 'server error', (_, draw) => draw.within(500, 504)],
    [2, 'redirect', (_, draw) => draw.within(300, 308)],
    [2, 'interim status', (_, draw) => draw.item([100, 101, 102, 199])],
    [2, 'status beyond 599', (_, draw) => draw.within(600, 999)],
  ],
}

const message: Rule<string> = {
  sure: [
    ...each(20, 'no', 'calc ak sk signature fail:signature expired', 'Request has expired'),
    ...each(8, 'limit:5,time:1 second', 'limit:5,time:1 day', 'limit:5,time:1 year'),
    ...each(
      6,
      '',
      'a\r\nb\u001b[31m\u0085c\u2028d',
      '{"error_code":"VOD.10051"}<Error/>',
      '{secret}',
      'no '.repeat(9_000),
    ),
  ],
}

const id: Rule<Part> = {
  sure: [
    [90, 'no ID', NOTHING],
    [2, 'an empty ID', { json: '"audio_asset_id":""', xml: '<JobId/>' }],
  ],
  doubtful: [
    [6, 'an ID', { json: '"audio_asset_id":"{id}"', xml: '<JobId>{id}</JobId>' }],
    [1, 'an ID one level down', { json: '"a":[{"audio_asset_id":"{id}"}]', xml: '<A><JobId>{id}</JobId></A>' }],
    [1, 'an ID with more inside', { json: '"audio_asset_id":["{id}"]', xml: '<JobId><Id>{id}</Id></JobId>' }],
    [1, 'an ID with an escape', { json: '"audio_asset_id":"\\u0061{id}"', xml: '<JobId>&#97;{id}</JobId>' }],
    [1, 'an ID of other characters', { json: '"audio_asset_id":"/音{id}"', xml: '<JobId>/音{id}</JobId>' }],
    [1, 'an ID after blanks', { json: '"audio_asset_id" : " {id}"', xml: '<JobId\n>\n<![CDATA[{id}]]></JobId>' }],
    [1, 'an ID in disguise', { json: '"audio\\u005fasset_id":"{id}"', xml: '<JobId a=">"><!-- -->{id}</JobId>' }],
  ],
}

const asset: Rule<Part> = {
  sure: [[90, 'no asset', NOTHING]],
  doubtful: [[9, 'an asset', { json: '"asset_info_array":[{"asset_id":"{id}","status":"CREATED"}]', xml: '' }]],
}

/** Whether an error has another code, which is not a refusal. */
const secondCode: Rule<(first: readonly string[], second: () => string) => readonly string[]> = {
  sure: [[95, 'one code', (first) => first]],
  doubtful: [
    [2, 'a second code before the first', (first, second) => [second(), ...first]],
    [2, 'a second code after the first', (first, second) => [...first, second()]],
  ],
}

const extra: Rule<Part> = {
  sure: [
    [90, 'nothing more', NOTHING],
    [2, 'a request ID', { json: '"request_id":"r\\r\\n1"', xml: '<RequestId>r\n1</RequestId>' }],
    [
      2,
      'a deep part',
      { json: `"n":${'['.repeat(500)}${']'.repeat(500)}`, xml: `${'<n>'.repeat(50)}${'</n>'.repeat(50)}` },
    ],
    [1, 'a property of every object', { json: '"__proto__":{"error_code":""}', xml: '<__proto__/>' }],
  ],
}

const text: Rule<(document: string) => string> = {
  sure: [
    [85, 'the document', (document) => document],
    [2, 'blanks around', (document) => ` \r\n${document}\t\n`],
  ],
  doubtful: [
    [2, 'nothing', () => ''],
    [2, 'a page', () => '<!DOCTYPE html>\r\n<html><body>Bad\tgateway&nbsp;</body></html>'],
    [1, 'an empty object', () => '{}'],
    [1, 'an empty element', () => '<Response/>'],
    [1, 'the document twice', (document) => document + document],
    [1, 'the document in an object', (document) => `{"error":${document}}`],
    [1, 'the document in an element', (document) => `<Response>${document}</Response>`],
    [1, 'half the document', (document) => document.slice(0, document.length / 2)],
    [1, 'almost the document', (document) => document.slice(0, -1)],
  ],
}

const encoding: Rule<(text: string) => Uint8Array> = {
  sure: [
    [90, 'UTF-8', (text) => Buffer.from(text)],
    [2, 'a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ],
  doubtful: [
    [1, 'two byte order marks', (text) => Buffer.from(`\uFEFF\uFEFF${text}`)],
    [1, 'UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    [1, 'GBK', (text) => withGbk(text)],
    [1, 'a NUL byte', (text) => Buffer.from(`${text}\0`)],
    [1, 'a packed body', (text) => gzipSync(text)],
    [1, 'over 8 MiB', (text) => Buffer.from(text.padEnd(8 * 1024 * 1024 + 1))],
  ],
}

const SOON = new Date(NEW_YEAR + 2_000).toUTCString()
const [AHEAD, BEHIND] = ['Thu, 01 Jan 2026 00:20:00 GMT', 'Wed, 31 Dec 2025 23:40:00 GMT']
const [PAST, FUTURE] = ['Fri, 01 Jan 1960 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT']
const headers: readonly Rule<readonly Header[]>[] = [
  {
    sure: [
      [60, 'no Retry-After', []],
      ...header('retry-after', '2', '0', SOON, FUTURE, '9'.repeat(400), '-5', 'soon', ''),
    ],
  },
  {
    sure: [
      ...header('date', SOON, AHEAD, BEHIND, PAST, FUTURE, '0', 'Thursday, 01-Jan-26 00:20:00 GMT'),
      [5, 'no Date', []],
    ],
  },
  {
    sure: [
      [70, 'no other header', []],
      [5, 'Retry-After twice', [...pair('retry-after', '1'), ...pair('retry-after', '2')]],
      [5, 'Date twice', [...pair('date', AHEAD), ...pair('date', SOON)]],
      [5, 'request ID twice', [...pair('x-request-id', '{secret}'), ...pair('x-request-id', 'r\t1')]],
      ...header('content-type', 'text/html; charset=gbk'),
      ...header('content-encoding', 'gzip'),
      ...header('location', 'http://127.0.0.1:1/'),
      ...header('x-ci-request-id', 'r\t1 {secret}', '\u00e9'),
    ],
  },
]

/** The names of all productions, and all codes. */
export const NAMES: readonly string[] = [
  ...[code, status, message, id, asset, secondCode, extra, text, encoding, ...headers].flatMap(namesOf),
  ...[...CODES.json, ...CODES.xml].map(([name]) => name),
]

export function namesOf({ sure, doubtful = [] }: Rule<unknown>): string[] {
  return [...sure, ...doubtful].map(([, name]) => name)
}

/** Draws by weight, and counts what it has drawn. */
export class Draw {
  /** All but the first production of each rule. */
  readonly names: string[] = []
  isDoubtful = false
  readonly #random: () => number
  readonly #count: (name: string) => void

  constructor(random: () => number, count: (name: string) => void) {
    this.#random = random
    this.#count = count
  }

  from<Value>({ sure, doubtful = [] }: Rule<Value>): Value {
    const all = [...sure, ...doubtful]
    let left = this.#random() * all.reduce((sum, [weight]) => sum + weight, 0)
    const index = all.findIndex(([weight]) => (left -= weight) < 0)
    const [, name, value] = this.item(all.slice(index, index + 1))
    this.#count(name)
    if (index > 0) this.names.push(name)
    this.isDoubtful ||= index >= sure.length
    return value
  }

  code(codes: Codes): string {
    const [code] = this.item(codes)
    this.#count(code)
    return code
  }

  item<Item>(items: readonly Item[]): Item {
    const item = items[this.within(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to draw from')
    return item
  }

  within(first: number, last: number): number {
    return first + Math.floor(this.#random() * (last - first + 1))
  }
}

/** The request that a response belongs to. */
export interface Question {
  readonly format: Format
  readonly isSubmit: boolean
  readonly id: string
  /** What `{secret}` stands for. */
  readonly secret: string
}

/** A response, before it is sent. */
export interface Content {
  readonly status: number
  readonly headers: Header[]
  readonly body: Uint8Array<ArrayBuffer>
  /** Whether the spec lists its code and its status as a refusal. */
  readonly isRefusal: boolean
  readonly description: string
}

/** Draws a response. `draw.isDoubtful` then belongs to it. */
export function drawContent({ format, isSubmit, id: ownId, secret }: Question, draw: Draw): Content {
  const codes = CODES[format]
  const drawnCode = draw.from(code)(codes, draw)
  const known = codes.find(([name]) => name === drawnCode)?.[1]
  const listed = known?.status ?? [drawnCode !== undefined ? 400 : format === 'json' && isSubmit ? 202 : 200]
  const drawnStatus = draw.from(status)(listed, draw)
  const obvious = draw.names.length
  const parts = [
    ...(drawnCode === undefined ? [resultOf(isSubmit)[format]] : drawError(drawnCode, format, secret, draw)),
    ...[draw.from(isSubmit ? id : asset)[format], draw.from(extra)[format]],
  ]
  const written = parts.filter((part) => part !== '').map((part) => part.replaceAll('{id}', ownId))
  const document = documentOf(written, drawnCode === undefined, format)
  return {
    status: drawnStatus,
    body: new Uint8Array(draw.from(encoding)(draw.from(text)(document))),
    headers: headers
      .flatMap((rule) => draw.from(rule))
      .map(([name, value]) => [name, value.replace('{secret}', secret)]),
    // A code keeps its meaning under a success.
    isRefusal: known?.refusal === true && (listed.includes(drawnStatus) || (drawnStatus >= 200 && drawnStatus < 300)),
    description: [drawnCode ?? 'result', drawnStatus, ...draw.names.slice(obvious)].join(', '),
  }
}

function resultOf(isSubmit: boolean): Part {
  return { json: isSubmit ? '"audio_asset_id":"{id}"' : '"asset_info_array":[]', xml: '<JobId>{id}</JobId>' }
}

function drawError(code: string, format: Format, secret: string, draw: Draw): readonly string[] {
  const drawOther = codeWhere(({ refusal }) => !refusal)
  const said = draw.from(message).replace('{secret}', secret)
  const xml = said.replace(/[<>&]/g, (character) => `&#${String(character.charCodeAt(0))};`).replace('\u001b', '')
  const first = [codePart(code), { json: `"error_msg":${JSON.stringify(said)}`, xml: `<Message>${xml}</Message>` }]
  return draw.from(secondCode)(
    first.map((part) => part[format]),
    () => codePart(drawOther(CODES[format], draw))[format],
  )
}

function codePart(code: string): Part {
  return { json: `"error_code":"${code}"`, xml: `<Code>${code}</Code>` }
}

function documentOf(parts: readonly string[], isResult: boolean, format: Format): string {
  if (format === 'json') return `{${parts.join(',')}}`
  return isResult
    ? `<Response><JobsDetail>${parts.join('')}</JobsDetail></Response>`
    : `<Error>${parts.join('')}</Error>`
}

function codeWhere(matches: (known: ErrorCode, code: string) => boolean): (codes: Codes, draw: Draw) => string {
  return (codes, draw) => draw.code(codes.filter(([code, known]) => matches(known, code)))
}

function each(weight: number, ...values: readonly string[]): Production<string>[] {
  return values.map((value) => [weight, JSON.stringify(value.slice(0, 40)), value])
}

function header(name: string, ...values: readonly string[]): Production<readonly Header[]>[] {
  return values.map((value) => [5, `${name}: ${value.slice(0, 30)}`, pair(name, value)])
}

/** Two bytes in the message, or else before the document. */
function withGbk(text: string): Uint8Array {
  const at = Math.max(0, text.indexOf('no'))
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xd6, 0xd0]), Buffer.from(text.slice(at))])
}

function pair(name: string, value: string): Header[] {
  return [[name, value]]
}
