import { describe, expect, it } from 'vitest'
import { generatedFiles } from '../../../scripts/generate/files.js'
import type { Bundle } from '../../../scripts/generate/document-place.js'
import { jsonDocument, operation, xmlDocument, type Changes, type Json } from './documents.js'

const SCHEMAS = '/components/schemas'
const POST = '/paths/~1tasks/post'

const generated = new WeakMap<Bundle, ReturnType<typeof generatedFiles>>()

/** A module of the provider acme. */
async function moduleOf(name: string, document: Bundle): Promise<string> {
  const files = generated.get(document) ?? generatedFiles([document])
  generated.set(document, files)
  return (await files).get(`acme/${name}.ts`) ?? 'no such file'
}

function parameter(name: string, where: string, schema: Json, more: Record<string, Json> = {}): Json {
  return { name, in: where, required: where === 'path', description: `The ${name}.`, schema, ...more }
}

describe('a GET with parameters', () => {
  const changes: Changes = {
    [`${SCHEMAS}/State`]: { type: 'string', description: 'A state.', enum: ['Done', 'Open'] },
    '/paths/~1tasks~1{ids}': {
      parameters: [parameter('ids', 'path', { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string' } })],
      get: operation('getTasks', {
        '/parameters': [
          parameter('state', 'query', { type: 'array', items: { $ref: '#/components/schemas/State' } }),
          parameter('tags', 'query', { type: 'array', items: { type: 'string' } }, { explode: false }),
          parameter('size', 'query', { type: 'integer', minimum: 1, maximum: 100 }),
          parameter('project', 'query', { type: 'string' }, { 'x-known-to-client': 'projectId' }),
          parameter('all', 'query', { const: '' }),
        ],
      }),
    },
  }
  const document = jsonDocument(changes)

  it('is a row that says where each value goes', async () => {
    expect(await moduleOf('operations', document)).toContain(`  getTasks: {
    name: 'getTasks',
    document: '',
    method: 'GET',
    path: '/tasks/{ids}',
    parameters: [
      { name: 'ids', in: 'path', list: 'comma' },
      { name: 'state', in: 'query', list: 'repeated' },
      { name: 'tags', in: 'query', list: 'comma' },
      { name: 'size', in: 'query' },
      { name: 'project', in: 'query', option: 'projectId' },
      { name: 'all', in: 'query', const: '' },
    ],
    constants: {},
    defaults: [],
    request: schemas.getTasksRequest,
    response: { status: 204 },
    result: [],
    retrySafety: 'idempotent',
    ifInDoubt: 'Do it again.',
    permissions: [],
    idFields: [],
    resultFields: [],
  },
`)
  })

  it('has a request with what the caller gives, as a type and as a table', async () => {
    expect(await moduleOf('types', document)).toContain(`/** Request of getTasks: do it. */
export interface GetTasksRequest {
  /** The ids. */
  ids: string[]
  /** The state. */
  state?: State[]
  /** The tags. */
  tags?: string[]
  /** The size. */
  size?: number
}
`)
    expect(await moduleOf('schemas', document))
      .toContain(`export const state = { type: 'string', enum: ['Done', 'Open'] } as const

export const getTasksRequest = {
  type: 'object',
  additionalProperties: false,
  required: ['ids'],
  properties: {
    ids: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string' } },
    state: { type: 'array', items: state },
    tags: { type: 'array', items: { type: 'string' } },
    size: { type: 'integer', minimum: 1, maximum: 100 },
  },
} as const
`)
  })

  it('takes lists of any length in raw', async () => {
    expect(await moduleOf('paths/openapi', document)).toContain('ids: string[]')
  })

  it('replaces a parameter of the path by its own', async () => {
    const own = { '/paths/~1tasks~1{ids}/get/parameters/5': parameter('ids', 'path', { type: 'string' }) }
    expect(await moduleOf('operations', jsonDocument({ ...changes, ...own }))).toContain(`{ name: 'ids', in: 'path' },`)
  })
})

describe('an operation without bodies', () => {
  const document = jsonDocument({
    '/paths/~1queue': {
      put: operation('openQueue'),
      delete: operation('closeQueue', { '/x-permissions': ['queue:close'] }),
    },
  })

  it('is a row with a status only', async () => {
    const operations = await moduleOf('operations', document)
    expect(operations).toContain(`    method: 'DELETE',
    path: '/queue',
    parameters: [],
    constants: {},
    defaults: [],
    request: schemas.closeQueueRequest,
    response: { status: 204 },
`)
    expect(operations).toContain(`method: 'PUT'`)
  })

  it('takes an empty request that may be left out, and returns nothing', async () => {
    expect(await moduleOf('types', document)).toContain('export type CloseQueueRequest = Record<string, never>\n')
    expect(await moduleOf('methods', document)).toContain(
      '  closeQueue(request?: CloseQueueRequest, options?: CallOptions): CallPromise<undefined>\n',
    )
    expect(await moduleOf('examples', document)).toContain(`closeQueue: { '204': {} },`)
  })
})

describe('an operation with parameters and a body', () => {
  it('takes both in one request', async () => {
    const document = jsonDocument({ [`${POST}/parameters`]: [parameter('dryRun', 'query', { type: 'boolean' })] })
    const types = await moduleOf('types', document)
    expect(types).toContain(`/** Request of createTask: create a task. */
export interface CreateTaskRequest {
  /** The dryRun. */
  dryRun?: boolean
  /** The kind of task. */
  kind?: 'copy'
  /** Where to run. */
  place: Place
  /** The name of the task. */
  name: string
}
`)
    expect(await moduleOf('schemas', document)).toContain(`required: ['kind', 'place', 'name']`)
    expect(await moduleOf('methods', document)).toContain('createTask(request: CreateTaskRequest,')
  })
})

describe('the types', () => {
  it('describe a field with the component that it refers to', async () => {
    expect(await moduleOf('types', jsonDocument())).toContain(`  /** Where to run. */\n  place: Place\n`)
  })

  it('say what each value of a list means, also where a field refers to it', async () => {
    const open: Json = {
      description: 'The speed.',
      anyOf: [
        {
          title: 'Known values',
          enum: ['slow', 'fast'],
          'x-enumDescriptions': { slow: 'By foot.', fast: 'By train.' },
        },
        { title: 'Other values', type: 'string' },
      ],
    }
    const changes = {
      [`${SCHEMAS}/Speed`]: open,
      [`${SCHEMAS}/Place/properties/speed`]: { $ref: '#/components/schemas/Speed', description: 'How to get there.' },
    }
    const types = await moduleOf('types', jsonDocument(changes))
    const values = (indent: string): string => `${indent} * - \`slow\`: By foot.\n${indent} * - \`fast\`: By train.\n`
    expect(types).toContain(
      `/**\n * The speed.\n *\n${values('')} */\nexport type Speed = 'slow' | 'fast' | (string & {})\n`,
    )
    expect(types).toContain(`  /**\n   * How to get there.\n   *\n${values('  ')}   */\n  speed?: Speed\n`)
  })

  it('leave out what the client supplies, and nothing else', async () => {
    const types = await moduleOf('types', jsonDocument())
    expect(types).toContain(`  kind?: 'copy'`)
    expect(types).toContain(`  region?: string`)
    expect(types).toContain(`  name: string`)
  })

  it('keep the fields of an object with branches', async () => {
    const anyOf: Json = [
      { type: 'object', required: ['path'] },
      { type: 'object', required: ['url'] },
    ]
    const text = (description: string): Json => ({ type: 'string', description })
    const changes = {
      [`${SCHEMAS}/Place/properties/path`]: text('A path.'),
      [`${SCHEMAS}/Place/properties/url`]: text('A URL.'),
    }
    const types = await moduleOf('types', jsonDocument({ ...changes, [`${SCHEMAS}/Place/anyOf`]: anyOf }))
    expect(types).toContain(`export type Place = {
  /** The region. */
  region?: string
  /** A path. */
  path?: string
  /** A URL. */
  url?: string
} & (
  | {
      /** A path. */
      path: string
    }
  | {
      /** A URL. */
      url: string
    }
)
`)
  })

  it('wrap a long description, and end no comment early', async () => {
    const description = `${'word '.repeat(30)}*/ end`
    expect(await moduleOf('types', jsonDocument({ [`${SCHEMAS}/Task/description`]: description }))).toContain(`/**
 * ${'word '.repeat(22).trim()}
 * ${'word '.repeat(8)}*\\/ end
 */
export interface Task {`)
  })
})

describe('an open value list', () => {
  it('is open in types and tables; a list with further rules is checked by them', async () => {
    const changes: Changes = {
      [`${SCHEMAS}/TaskRequest/properties/open`]: {
        description: 'Open.',
        anyOf: [{ enum: ['a'] }, { type: 'string' }],
      },
      [`${SCHEMAS}/TaskRequest/properties/nothing`]: {
        description: 'Open, or null.',
        anyOf: [{ enum: ['a'] }, { type: 'string' }, { type: 'null' }],
      },
      [`${SCHEMAS}/TaskRequest/properties/short`]: {
        description: 'Short.',
        anyOf: [{ enum: ['a'] }, { type: 'string', maxLength: 2 }],
      },
    }
    const types = await moduleOf('types', jsonDocument(changes))
    expect(types).toContain(`open?: 'a' | (string & {})\n`)
    expect(types).toContain(`nothing?: 'a' | (string & {}) | null\n`)
    const schemas = await moduleOf('schemas', jsonDocument(changes))
    expect(schemas).toContain(`open: { type: 'string' }`)
    expect(schemas).toContain(`nothing: { anyOf: [{ enum: ['a'] }, { type: 'string' }, { type: 'null' }] }`)
    expect(schemas).toContain(`short: { anyOf: [{ enum: ['a'] }, { type: 'string', maxLength: 2 }] }`)
  })
})

describe('a response with tasks of several kinds', () => {
  const text = (description: string, more: Changes = {}): Json => ({ type: 'string', description, ...more })
  const kind = (properties: Json): Json => ({ type: 'object', description: 'A kind.', required: ['id'], properties })
  const document = xmlDocument({
    [`${SCHEMAS}/Task`]: {
      description: 'A task of any kind.',
      anyOf: [{ $ref: '#/components/schemas/CopyTask' }, { $ref: '#/components/schemas/OtherTask' }],
    },
    [`${SCHEMAS}/CopyTask`]: kind({ id: text('The ID.'), state: text('The kind.', { const: 'copy' }) }),
    [`${SCHEMAS}/OtherTask`]: kind({
      id: text('The ID.'),
      state: text('The kind.'),
      copies: { not: {}, description: 'Only a copy has them.' },
    }),
    [`${SCHEMAS}/TaskResponse/properties/tasks`]: {
      type: 'array',
      description: 'The tasks.',
      items: { $ref: '#/components/schemas/Task' },
    },
  })

  it('is a union that the kind narrows', async () => {
    const types = await moduleOf('types', document)
    expect(types).toContain(`export type Task = CopyTask | OtherTask\n`)
    expect(types).toContain(`state?: 'copy'\n`)
    expect(types).toContain(`copies?: never\n`)
  })

  it('is read by one table, and a required list that XML leaves out is empty', async () => {
    expect(await moduleOf('xml', document)).toContain(
      `{ name: 'tasks', repeats: true, mayBeAbsent: true, children: [{ name: 'id' }, { name: 'state' }] }`,
    )
  })
})

describe('x-states', () => {
  it('is a table', async () => {
    const states = { running: ['new'], succeeded: ['done'] }
    const stage: Json = {
      description: 'A stage.',
      anyOf: [{ enum: ['new', 'done'] }, { type: 'string' }],
      'x-states': states,
    }
    expect(await moduleOf('states', jsonDocument({ [`${SCHEMAS}/Stage`]: stage }))).toContain(
      `export const stage = { running: ['new'], succeeded: ['done'] } as const\n`,
    )
  })
})

describe('x-result', () => {
  it.each([
    ['/tasks/0', 'Task', `['tasks', 0]`],
    ['/tasks', 'Task[]', `['tasks']`],
  ])('%s returns %s', async (pointer, type, path) => {
    const document = jsonDocument({ [`${POST}/x-result`]: pointer })
    expect(await moduleOf('operations', document)).toContain(`result: ${path},`)
    const methods = await moduleOf('methods', document)
    expect(methods).toContain(`CallPromise<${type}>\n`)
    expect(methods).toContain(`import type { Task, TaskRequest } from './types.js'\n`)
  })
})

describe('several documents of a provider', () => {
  const documents = [
    xmlDocument({}, 'copy-tasks'),
    xmlDocument(
      { [`${POST}/operationId`]: 'moveTask', [`${POST}/externalDocs`]: { url: 'https://acme.example/move' } },
      'move-tasks',
    ),
  ]

  it('share one set of modules, and have their own paths', async () => {
    const files = await generatedFiles(documents)
    expect([...files.keys()]).toEqual([
      'specs/acme-copy-tasks.json',
      'specs/acme-move-tasks.json',
      ...['types', 'operations', 'schemas', 'xml', 'methods', 'raw', 'paths/copy-tasks', 'paths/move-tasks'].map(
        (name) => `acme/${name}.ts`,
      ),
      ...['provider', 'error-codes', 'advice', 'error-messages', 'codes', 'examples'].map((name) => `acme/${name}.ts`),
    ])
    expect(files.get('acme/provider.ts')).toContain(`documents: ['copyTasks', 'moveTasks'],`)
    expect(files.get('acme/operations.ts')).toContain(`document: 'moveTasks',`)
    expect(files.get('acme/operations.ts')).toContain(
      `requestBody: { contentType: 'application/xml', xml: xml.taskRequest },`,
    )
    expect(files.get('acme/raw.ts')).toContain(`export interface AcmeRaw {
  /** The openapi-fetch client of Acme tasks. */
  readonly copyTasks: RawClient<CopyTasksPaths>
`)
    expect(files.get('acme/methods.ts')).toContain('   * @see https://acme.example/move\n   */\n  moveTask(')
  })

  it('write each XML body and each schema once', async () => {
    const files = await generatedFiles(documents)
    expect(files.get('acme/xml.ts')?.match(/^export const \w+/gm)).toEqual(
      ['taskRequest', 'taskResponse', 'errorElement'].map((name) => `export const ${name}`),
    )
    expect(files.get('acme/types.ts')?.match(/^export interface \w+/gm)).toEqual(
      ['Failure', 'Place', 'Task', 'TaskRequest', 'TaskResponse'].map((name) => `export interface ${name}`),
    )
  })
})

describe('the facts of a provider', () => {
  it('hold headers that options supply, the clock, and the throttle window', async () => {
    const header = parameter('X-Project', 'header', { type: 'string' }, { 'x-known-to-client': 'projectId' })
    const changes = { [`${POST}/parameters`]: [header], '/x-throttle-window': '(?<count>\\d+) (?<unit>second)s' }
    expect(await moduleOf('provider', jsonDocument(changes)))
      .toContain(`  headers: { requestId: 'X-Request', date: 'Date' },
  securityHeaders: { token: 'X-Token' },
  optionHeaders: { 'X-Project': 'projectId' },
  clockToleranceMs: 900000,
  clockRefusal: 'expired',
  throttleWindow: '(?<count>\\\\d+) (?<unit>second)s',
  documents: [],
`)
    expect(await moduleOf('operations', jsonDocument(changes))).toContain('parameters: [],')
  })
})

it('writes one table if the schema of a body has the name of the request', async () => {
  const schema = { type: 'object', description: 'A task.', properties: {} }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/CreateTaskRequest' } } }
  const changes = { [`${SCHEMAS}/CreateTaskRequest`]: schema, [`${POST}/requestBody/content`]: content }
  const schemas = await moduleOf('schemas', jsonDocument(changes))
  expect(schemas.match(/createTaskRequest.*/g)).toEqual([
    `createTaskRequest = { type: 'object', properties: {} } as const`,
  ])
})

describe('a webhook', () => {
  const signed = {
    type: 'object',
    description: 'A task that is done.',
    required: ['kind', 'id', 'state'],
    'x-signed-properties': ['id', 'kind'],
    properties: {
      kind: { const: 'done', description: 'The kind.' },
      id: { type: 'string', pattern: '^t', 'x-message': 'must begin with t', description: 'The ID.' },
      state: { description: 'The state.', anyOf: [{ enum: ['a'] }, { type: 'string' }] },
      note: { type: 'string', description: 'A note.' },
    },
  }
  const other = { type: 'object', description: 'Another task.', properties: {} }
  const body = (schema: string): Json => ({
    content: { 'application/json': { schema: { $ref: `#${SCHEMAS}/${schema}` } } },
  })
  const changes: Changes = {
    [`${SCHEMAS}/Signed`]: signed,
    [`${SCHEMAS}/Other`]: other,
    [`${SCHEMAS}/Message`]: {
      description: 'A message.',
      anyOf: [{ $ref: `#${SCHEMAS}/Signed` }, { $ref: `#${SCHEMAS}/Other` }],
    },
    '/webhooks/taskDone/post': {
      operationId: 'receiveTask',
      parameters: [
        { name: 'X-Sign', in: 'header', 'x-role': 'signature' },
        { name: 'X-Unsigned', in: 'header' },
      ],
      requestBody: body('Message'),
    },
  }

  it('is a table of its headers, and of the objects that its body can be', async () => {
    expect(await moduleOf('webhooks', jsonDocument(changes))).toContain(`export const taskDone = {
  headers: { signature: 'X-Sign' },
  messages: {
    Signed: { constants: { kind: 'done' }, signedProperties: ['id', 'kind'], essentials: schemas.signedEssentials },
    Other: { constants: {}, essentials: schemas.otherEssentials },
  },
} as const
`)
  })

  it('has a table of the required fields of each', async () => {
    expect(await moduleOf('schemas', jsonDocument(changes))).toContain(`export const signedEssentials = {
  type: 'object',
  required: ['kind', 'id', 'state'],
  properties: {
    kind: {},
    id: { type: 'string', pattern: '^t', 'x-message': 'must begin with t' },
    state: { type: 'string' },
  },
} as const
`)
  })

  it('in XML and in JSON is read in the form of XML', async () => {
    const content = {
      'application/json': { schema: { $ref: `#${SCHEMAS}/Other` } },
      'application/xml': { schema: { $ref: `#${SCHEMAS}/TaskResponse` }, 'x-xsd': 'task.xsd' },
    }
    const document = xmlDocument({
      [`${SCHEMAS}/Other`]: other,
      '/webhooks/taskDone/post': { operationId: 'receiveTask', requestBody: { content } },
    })
    expect(await moduleOf('webhooks', document)).toContain(`export const taskDone = {
  xml: xml.taskResponse,
  messages: { TaskResponse: { constants: {}, essentials: schemas.taskResponseEssentials } },
} as const
`)
  })
})
