import { describe, expect, it } from 'vitest'
import { RequestValidationError } from '../../src/index.js'
import { listOf, objectOf, referred, type Json, type JsonObject } from '../specs/bundled.js'
import { MISSING, operations, withField, type OperationName } from './operations.js'

/** A field and what to put there; MISSING leaves it out. */
type Edit = readonly [path: string, value: unknown]

/** One constraint of a request, and how to break it and nothing else. */
interface Row {
  readonly operation: OperationName
  /** The constraint, as `constraintsOf` names it: the place in the schema and the keyword. */
  readonly constraint: string
  /** What turns the full request of the operation into a wrong one. */
  readonly broken: readonly Edit[]
  /** What turns it into the repaired twin. */
  readonly repaired: readonly Edit[]
  /** Where the issue is. */
  readonly path: string
  /** One, but for a value of a type that no value of another constraint can have either. */
  readonly messages: readonly string[]
}

const EXTRACT = 'createExtractAudioTask'
const UNPUBLISH = 'unpublishAssets'
const VOICE = 'createVoiceSeparateJob'
const NOISE = 'createNoiseReductionJob'
const BOTH = [VOICE, NOISE] as const

const BLANK = 'must not be blank'
const ASCII = 'must be printable ASCII, which is the characters from space to tilde'
const NAMELESS = 'Object (the background) or AuObject (the voice) must be given and must not be blank.'
const QUEUELESS = 'CallBackMqConfig is required and must not be empty when CallBackType is TDMQ.'
const UNEQUAL = 'SampleRate and Samplerate must be equal; give one of them.'

const rows: readonly Row[] = [
  // Pages 000 and 001: extracting audio. Page 003: unpublishing.
  ...missing(EXTRACT, 'asset_id'),
  ...wrongType(EXTRACT, 'an object', ['', 'parameter']),
  ...wrongType(EXTRACT, 'a string', ['asset_id']),
  ...blank(EXTRACT, 'asset_id'),
  ...outside(EXTRACT, 'parameter.format', '"MP3", "AAC"', ['WAV', 'mp3', '']),
  ...unknown(EXTRACT, [
    ['', 'asset_di', 'asset_id'],
    ['parameter', 'fromat', 'format'],
  ]),
  ...missing(UNPUBLISH, 'asset_id'),
  ...wrongType(UNPUBLISH, 'an object', ['']),
  ...wrongType(UNPUBLISH, 'an array', ['asset_id']),
  ...wrongType(UNPUBLISH, 'a string', ['asset_id.1']),
  ...blank(UNPUBLISH, 'asset_id.1'),
  row(UNPUBLISH, 'asset_id minItems', [['asset_id', []]], 'asset_id', ['must have at least 1 item']),
  ...unknown(UNPUBLISH, [['', 'asset_ids', 'asset_id']]),

  // Pages 002 (voice separation) and 004 (noise reduction): what they share.
  ...BOTH.flatMap((operation) => [
    ...missing(operation, 'Input', 'Input.Object', 'Operation', 'Operation.Output'),
    ...missing(operation, 'Operation.Output.Region', 'Operation.Output.Bucket'),
    // The method adds the Tag, so leaving it out is no fault; undefined is.
    row(operation, 'Tag required', [['Tag', undefined]], 'Tag', ['is required'], [['Tag', MISSING]]),
    ...wrongType(operation, 'an object', ['Input', 'Operation', 'CallBackMqConfig']),
    ...wrongType(operation, 'a string', ['Input.Object', 'Operation.TemplateId', 'Operation.UserData', 'CallBack']),
    ...wrongType(operation, 'a string', ['Operation.Output.Region', 'Operation.Output.Bucket']),
    ...wrongType(operation, 'a string', ['Operation.Output.Object', 'QueueId']),
    ...blank(operation, 'Input.Object', 'Operation.Output.Region', 'Operation.Output.Bucket'),
    ...wrongType(
      operation,
      'a string',
      ['MqRegion', 'MqMode', 'MqName'].map((name) => `CallBackMqConfig.${name}`),
    ),
    ...outside(operation, 'Operation.JobLevel', '"0", "1", "2"', ['3', '-1', '']),
    ...outside(operation, 'CallBackFormat', '"JSON", "XML"', ['Json', 'YAML', '']),
    ...outside(operation, 'CallBackType', '"Url", "TDMQ"', ['URL', 'tdmq', '']),
    ...['é', 'a\nb', 'tab\t', '\u007f', '音'].map((note) =>
      row(operation, 'Operation.UserData pattern', [['Operation.UserData', note]], 'Operation.UserData', [ASCII]),
    ),
    row(
      operation,
      'Operation.UserData maxLength',
      [['Operation.UserData', '~'.repeat(1025)]],
      'Operation.UserData',
      ['must have at most 1024 characters'],
      [['Operation.UserData', '~'.repeat(1024)]],
    ),
    ...[MISSING, {}, { MqName: undefined }].map((queue) =>
      row(
        operation,
        ' if',
        [
          ['CallBackType', 'TDMQ'],
          ['CallBackMqConfig', queue],
        ],
        '',
        [QUEUELESS],
        [
          ['CallBackType', 'TDMQ'],
          ['CallBackMqConfig', { MqName: 'jobs' }],
        ],
      ),
    ),
    ...unknown(operation, [
      ['', 'Callback', 'CallBack'],
      ['Input', 'Objekt', 'Object'],
      ['Operation', 'Templateid', 'TemplateId'],
      ['Operation.Output', 'Buket', 'Bucket'],
      ['CallBackMqConfig', 'MqNmae', 'MqName'],
    ]),
  ]),

  // Page 002 alone.
  ...missing(VOICE, 'QueueId'),
  ...blank(VOICE, 'QueueId'),
  ...wrongType(VOICE, 'a string', [
    'Operation.VoiceSeparate.AudioMode',
    ...['AuObject', 'BassObject', 'DrumObject'].map((name) => `Operation.Output.${name}`),
  ]),
  ...wrongType(
    VOICE,
    'a string',
    ['Codec', 'Samplerate', 'Bitrate', 'Channels'].map((name) => `Operation.VoiceSeparate.AudioConfig.${name}`),
  ),
  ...wrongType(VOICE, 'an object', ['Operation.VoiceSeparate', 'Operation.VoiceSeparate.AudioConfig']),
  ...wrongType(VOICE, 'an object', ['Operation.Output']),
  ...outside(VOICE, 'Tag', '"VoiceSeparate"', ['NoiseReduction', 'voiceseparate', '']),
  ...unknown(VOICE, [
    ['Operation.VoiceSeparate', 'AudioMod', 'AudioMode'],
    ['Operation.VoiceSeparate.AudioConfig', 'Sample_rate', 'Samplerate'],
  ]),
  ...[
    ['', ''],
    [' ', '\t'],
    ['', MISSING],
    [MISSING, ''],
    [MISSING, MISSING],
  ].map(([object, auObject]) =>
    row(
      VOICE,
      'Operation.Output anyOf',
      [
        ['Operation.Output.Object', object],
        ['Operation.Output.AuObject', auObject],
      ],
      'Operation.Output',
      [NAMELESS],
      [
        ['Operation.Output.Object', object],
        ['Operation.Output.AuObject', 'voice.mp3'],
      ],
    ),
  ),

  // Page 004 alone.
  ...missing(NOISE, 'Operation.Output.Object'),
  ...blank(NOISE, 'Operation.Output.Object'),
  row(
    NOISE,
    'Operation.NoiseReduction x-equal-properties',
    [['Operation.NoiseReduction.Samplerate', '8000']],
    'Operation.NoiseReduction',
    [UNEQUAL],
    [
      ['Operation.NoiseReduction.SampleRate', '8000'],
      ['Operation.NoiseReduction.Samplerate', '8000'],
    ],
  ),
  ...wrongType(NOISE, 'an object', ['Operation.Output', 'Operation.NoiseReduction']),
  ...wrongType(
    NOISE,
    'a string',
    ['Format', 'SampleRate', 'Samplerate'].map((name) => `Operation.NoiseReduction.${name}`),
  ),
  ...outside(NOISE, 'Tag', '"NoiseReduction"', ['VoiceSeparate', 'noisereduction', '']),
  ...unknown(NOISE, [['Operation.NoiseReduction', 'Fromat', 'Format']]),
]

describe('a request that breaks one constraint is refused for it before anything is sent, and its repaired twin is sent', () => {
  it.each(rows)('$operation: $constraint, with $broken', async ({ operation, broken, repaired, path, messages }) => {
    const refused = await submit(operation, broken)
    expect(refused.error).toBeInstanceOf(RequestValidationError)
    expect(refused.error).toMatchObject({ issues: messages.map((message) => ({ path, message })) })
    expect(refused.sent).toBe(0)
    expect(await submit(operation, repaired)).toEqual({ error: undefined, sent: 1 })
  })
})

describe('every constraint of the request schema has a row, and every row its constraint', () => {
  it.each(Object.entries(operations))('%s', (name, { document, schema }) => {
    const own = rows.filter(({ operation }) => operation === name)
    const inTable = own.flatMap(({ constraint, messages }) => [
      constraint,
      ...messages.filter(isSentence).map((message) => `x-message ${message}`),
    ])
    const inSchema = constraintsOf(document, schema, '')
      // A Tencent method copies the fields of what it is given into a new object, so the request always is one.
      .filter((constraint) => !(constraint === ' type' && objectOf(schema['properties'])['Tag'] !== undefined))
    expect([...new Set(inTable)].sort()).toEqual([...new Set(inSchema)].sort())
  })

  it('and an unknown keyword is a constraint without a row', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', minLength: 1, format: 'uri' } } }
    expect(constraintsOf({}, schema, '')).toEqual([' type', 'a type', 'a minLength', 'a format'])
  })
})

const long = 'n'.repeat(2000)
const NAMES = ['Input.Object', 'Operation.Output.Region', 'Operation.Output.Bucket', 'Operation.Output.Object']
const STRINGS = ['Operation.TemplateId', 'Operation.UserData', 'CallBack']
const QUEUE = ['CallBackMqConfig.MqRegion', 'CallBackMqConfig.MqMode', 'CallBackMqConfig.MqName']
const SOUND = ['Codec', 'Samplerate', 'Bitrate', 'Channels'].map(
  (name) => `Operation.VoiceSeparate.AudioConfig.${name}`,
)
const NOISE_PARAMETERS = ['Format', 'SampleRate', 'Samplerate'].map((name) => `Operation.NoiseReduction.${name}`)

const accepted: readonly (readonly [OperationName, string, readonly Edit[]])[] = [
  [EXTRACT, 'every field', []],
  [EXTRACT, 'an asset id alone', [['parameter', MISSING]]],
  [EXTRACT, 'parameters without a format', [['parameter', {}]]],
  ...['no id', '../..', '音', 'A'.repeat(2000)].flatMap((id) => [
    [EXTRACT, `the asset id ${JSON.stringify(id)}`, [['asset_id', id]]] as const,
    [UNPUBLISH, `the asset id ${JSON.stringify(id)}`, [['asset_id', [id]]]] as const,
  ]),
  [UNPUBLISH, 'an asset twice', [['asset_id', ['a', 'a']]]],
  [UNPUBLISH, 'a thousand assets', [['asset_id', Array<string>(1000).fill('a')]]],
  ...BOTH.flatMap((operation) => {
    const parameters = operation === VOICE ? 'Operation.VoiceSeparate' : 'Operation.NoiseReduction'
    return [
      [operation, 'a template together with parameters', []],
      [operation, 'a template alone', [[parameters, MISSING]]],
      [operation, 'parameters alone', [['Operation.TemplateId', MISSING]]],
      [
        operation,
        'neither',
        [
          [parameters, MISSING],
          ['Operation.TemplateId', MISSING],
        ],
      ],
      [operation, 'parameters that say nothing', [[parameters, {}]]],
      [operation, 'a template id of any form', [['Operation.TemplateId', 'any']]],
      [operation, 'no Tag', [['Tag', MISSING]]],
      [operation, 'names of 2000 characters', NAMES.map((path) => [path, long] as const)],
      [operation, 'a note of 1024 characters', [['Operation.UserData', ' ~'.repeat(512)]]],
      [operation, 'the callback no', [['CallBack', 'no']]],
      [operation, 'a callback that is no URL', [['CallBack', 'not a url']]],
      [operation, 'a queue that names nothing', [['CallBackMqConfig', {}]]],
      [operation, 'TDMQ with unknown names', [['CallBackType', 'TDMQ'], ...QUEUE.map((path) => [path, 'xx'] as const)]],
      [operation, 'TDMQ with a callback, too', [['CallBackType', 'TDMQ']]],
      [operation, 'a queue without TDMQ', [['CallBackType', MISSING]]],
      ...['0', '1', '2'].map((level) => [operation, `job level ${level}`, [['Operation.JobLevel', level]]] as const),
      ...['JSON', 'XML'].map((format) => [operation, `callbacks in ${format}`, [['CallBackFormat', format]]] as const),
    ] as const
  }),
  [NOISE, 'empty text in optional fields', [...STRINGS, ...QUEUE, ...NOISE_PARAMETERS].map(emptied)],
  [NOISE, 'unknown formats and rates', NOISE_PARAMETERS.map((path) => [path, 'unheard-of'] as const)],
  [NOISE, 'SampleRate alone', [['Operation.NoiseReduction.Samplerate', MISSING]]],
  [NOISE, 'Samplerate alone', [['Operation.NoiseReduction.SampleRate', MISSING]]],
  [
    VOICE,
    'empty text in optional fields',
    [...STRINGS, ...QUEUE, ...SOUND, 'Operation.Output.Object', 'Operation.VoiceSeparate.AudioMode'].map(emptied),
  ],
  [VOICE, 'unknown sound settings', SOUND.map((path) => [path, 'unheard-of'] as const)],
  [VOICE, 'an unknown mode', [['Operation.VoiceSeparate.AudioMode', 'IsEverything']]],
  [VOICE, 'the voice alone', [['Operation.Output.Object', MISSING]]],
  [VOICE, 'the background alone', [['Operation.Output.AuObject', MISSING]]],
  [VOICE, 'the background and an empty voice', [['Operation.Output.AuObject', '']]],
  [VOICE, 'a queue id of any form', [['QueueId', 'any']]],
]

describe('nothing beyond the pages is enforced', () => {
  it.each(accepted)('%s: %s', async (operation, _, edits) => {
    expect(await submit(operation, edits)).toEqual({ error: undefined, sent: 1 })
  })
})

/** What a client says to the full request of its operation after some edits, and how many requests it sent. */
async function submit(name: OperationName, edits: readonly Edit[]): Promise<{ error: unknown; sent: number }> {
  const { full, submit } = operations[name]
  const request = edits.reduce<unknown>((edited, [path, value]) => withField(edited, path, value), full)
  let sent = 0
  const submitted = submit(request, (wire) => {
    sent++
    return Promise.resolve(wire.url.endsWith('/jobs') ? XML_ANSWER.clone() : jsonAnswer(name))
  })
  const error = await submitted.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { error, sent }
}

const XML_ANSWER = new Response('<Response><JobsDetail><JobId>j1</JobId></JobsDetail></Response>', {
  headers: { 'content-type': 'application/xml' },
})

function jsonAnswer(name: OperationName): Response {
  return name === EXTRACT
    ? Response.json({ audio_asset_id: 'a2' }, { status: 202 })
    : Response.json({ asset_info_array: [] })
}

function row(
  operation: OperationName,
  constraint: string,
  broken: readonly Edit[],
  path: string,
  messages: readonly string[],
  repaired: readonly Edit[] = [],
): Row {
  return { operation, constraint, broken, repaired, path, messages }
}

function missing(operation: OperationName, ...paths: readonly string[]): Row[] {
  return paths.map((path) => row(operation, `${path} required`, [[path, MISSING]], path, ['is required']))
}

/** Text that says nothing. */
function blank(operation: OperationName, ...paths: readonly string[]): Row[] {
  return paths.flatMap((path) =>
    ['', ' ', '\t\n'].map((text) =>
      row(operation, `${placeOf(path)} pattern`, [[path, text]], path.replace(/\.(\d+)$/, '[$1]'), [BLANK]),
    ),
  )
}

/** Where a path is in the schema. */
function placeOf(path: string): string {
  return path.replace(/\.\d+$/, '[]')
}

/** Values of every other type. */
function wrongType(operation: OperationName, type: string, paths: readonly string[]): Row[] {
  const others = [
    ['a number', 5],
    ['a boolean', true],
    ['null', null],
    ...(type === 'an array' ? [] : [['an array', ['a']] as const]),
    ...(type === 'an object' ? [] : [['an object', {}] as const]),
    ...(type === 'a string' ? [] : [['a string', 'text'] as const]),
  ] as const
  return paths.flatMap((path) =>
    others.map(([kind, value]) => {
      const messages = [`must be ${type}, not ${kind}`]
      return row(operation, `${placeOf(path)} type`, [[path, value]], path.replace(/\.(\d+)$/, '[$1]'), messages)
    }),
  )
}

/** Text outside a closed list, and a number, which is outside the list too: the list is said, not the type. */
function outside(operation: OperationName, path: string, list: string, values: readonly string[]): Row[] {
  const [keyword, rule] = path === 'Tag' ? ['const', `must be ${list}`] : ['enum', `must be one of ${list}`]
  return [
    ...values.map((value) => {
      const kind = value === '' ? 'an empty string' : 'another string'
      return row(operation, `${path} ${keyword}`, [[path, value]], path, [`${rule}, not ${kind}`])
    }),
    row(operation, `${path} type`, [[path, 1]], path, [`${rule}, not a number`]),
  ]
}

function unknown(
  operation: OperationName,
  misspellings: readonly (readonly [place: string, wrong: string, right: string])[],
): Row[] {
  return misspellings.map(([place, wrong, right]) => {
    const path = place === '' ? wrong : `${place}.${wrong}`
    const message = `is not a known field; did you mean ${right}?`
    return row(operation, `${place} additionalProperties`, [[path, 'x']], path, [message])
  })
}

function emptied(path: string): Edit {
  return [path, '']
}

/** Whether a message is one of the spec's own. */
function isSentence(message: string): boolean {
  return [BLANK, ASCII, NAMELESS, QUEUELESS, UNEQUAL].includes(message)
}

/** Keywords that constrain nothing, or whose constraints are counted where they stand. */
const SILENT = [
  ...['title', 'description', 'xml', 'properties', 'items', '$ref', 'then', 'else'],
  ...['x-known-to-client', 'x-source', 'x-errata', 'x-enumDescriptions'],
]

/** The constraints of a schema and of all that is in it, each as its place and keyword. */
function constraintsOf(document: JsonObject, reference: JsonObject, place: string): string[] {
  const schema = referred(document, reference)
  const below = Object.entries(objectOf(schema['properties'])).flatMap(([name, property]) =>
    constraintsOf(document, objectOf(property), inside(place, name)),
  )
  const items = schema['items'] === undefined ? [] : constraintsOf(document, objectOf(schema['items']), `${place}[]`)
  const own = Object.entries(schema)
    .filter(([keyword]) => !SILENT.includes(keyword))
    .flatMap(([keyword, value]) => {
      if (keyword === 'required') return stringsIn(value).map((name) => `${inside(place, name)} required`)
      if (keyword === 'x-message') return stringsIn([value ?? null]).map((message) => `x-message ${message}`)
      // An open list constrains the type and nothing else.
      if (keyword === 'anyOf' && listOf(value).some((branch) => isAnyText(branch))) return [`${place} type`]
      return [`${place} ${keyword}`]
    })
  return [...own, ...below, ...items]
}

function stringsIn(value: Json | undefined): string[] {
  return listOf(value).filter((item) => typeof item === 'string')
}

function isAnyText(branch: Json): boolean {
  const { type, title: _, ...rest } = objectOf(branch)
  return type === 'string' && Object.keys(rest).length === 0
}

function inside(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`
}
