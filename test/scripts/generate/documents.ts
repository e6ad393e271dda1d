import type { Bundle } from '../../../scripts/generate/document-place.js'

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** What to write at JSON pointers; undefined removes the value. */
export type Changes = Readonly<Record<string, Json | undefined>>

/** A small document that generation supports: one operation, with a JSON body. */
export function jsonDocument(changes: Changes = {}, name = 'openapi', provider = 'acme'): Bundle {
  return bundle(JSON_CONTENT, changes, name, provider)
}

/** The same with XML bodies. */
export function xmlDocument(changes: Changes = {}, name = 'openapi', provider = 'acme', xsd = XSD): Bundle {
  const { content } = bundle(JSON_CONTENT, XML_CHANGES, name, provider)
  return bundle(content, changes, name, provider, new Map([[`specs/${provider}/task.xsd`, xsd]]))
}

function bundle(
  content: Json,
  changes: Changes,
  name: string,
  provider: string,
  xsds: Bundle['xsds'] = new Map(),
): Bundle & { readonly content: Json } {
  const changed = structuredClone(content)
  for (const [pointer, value] of Object.entries(changes)) write(changed, pointer, value)
  return { name: `${provider}-${name}`, root: `specs/${provider}/${name}.yaml`, content: changed, xsds }
}

/** Writes a value at a JSON pointer, and makes the objects on the way. */
function write(document: Json, pointer: string, value: Json | undefined): void {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = names.pop() ?? ''
  let parent = document as Record<string, Json>
  // A pointer leads through objects and lists, and a list takes its indexes as names.
  for (const name of names) parent = (parent[name] ??= {}) as Record<string, Json>
  if (value !== undefined) parent[last] = structuredClone(value)
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else Reflect.deleteProperty(parent, last)
}

const HEADERS: Json = {
  'X-Request': { 'x-role': 'request-id', description: 'The ID of the request.' },
  Date: { 'x-role': 'date', description: 'The time of the server.' },
}

/** An operation without parameters and bodies. */
export function operation(id: string, changes: Changes = {}): Json {
  const plain: Json = {
    operationId: id,
    summary: 'Do it',
    description: 'Does it.',
    'x-retry-safety': 'idempotent',
    'x-if-in-doubt': 'Do it again.',
    'x-permissions': [],
    responses: { 204: { description: 'Done.', headers: HEADERS } },
  }
  for (const [pointer, value] of Object.entries(changes)) write(plain, pointer, value)
  return plain
}

const JSON_CONTENT: Json = {
  openapi: '3.1.1',
  info: { title: 'Acme tasks', version: '1.0.0', description: 'Tasks.' },
  servers: [{ url: 'https://{region}.acme.example', variables: { region: { default: 'north' } } }],
  'x-error-codes': { Busy: { status: [429], meaning: 'Busy.', hint: 'Wait.', refusal: true, cure: 'throttled' } },
  'x-clock-tolerance': 900,
  'x-clock-refusal': 'expired',
  paths: {
    '/tasks': {
      post: {
        operationId: 'createTask',
        summary: 'Create a task',
        description: 'Creates a task.',
        'x-retry-safety': 'refused-only',
        'x-if-in-doubt': 'List the tasks.',
        'x-permissions': ['task:create'],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/TaskRequest' },
              examples: { task: { value: { kind: 'copy', place: { region: 'north' }, name: 'a' } } },
            },
          },
        },
        responses: {
          200: {
            description: 'The task.',
            headers: HEADERS,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/TaskResponse' },
                examples: { task: { value: { tasks: [{ id: '1' }] } } },
              },
            },
          },
          400: { $ref: '#/components/responses/BadRequest' },
        },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Token' } },
    responses: {
      BadRequest: {
        description: 'The request is wrong.',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Failure' },
            examples: { busy: { value: { code: 'Busy' } } },
          },
        },
      },
    },
    schemas: {
      TaskRequest: {
        type: 'object',
        description: 'A task to create.',
        xml: { name: 'Request' },
        additionalProperties: false,
        required: ['kind', 'place', 'name'],
        properties: {
          kind: { type: 'string', const: 'copy', description: 'The kind of task.' },
          place: { $ref: '#/components/schemas/Place' },
          name: { type: 'string', description: 'The name of the task.' },
        },
      },
      Place: {
        type: 'object',
        description: 'Where to run.',
        additionalProperties: false,
        required: ['region'],
        properties: { region: { type: 'string', description: 'The region.', 'x-known-to-client': 'region' } },
      },
      TaskResponse: {
        type: 'object',
        description: 'The new task.',
        xml: { name: 'Response' },
        required: ['tasks'],
        properties: {
          tasks: {
            type: 'array',
            description: 'The task.',
            minItems: 1,
            maxItems: 1,
            items: { $ref: '#/components/schemas/Task' },
          },
        },
      },
      Task: {
        type: 'object',
        description: 'A task.',
        required: ['id'],
        properties: {
          id: { type: 'string', minLength: 1, description: 'The ID of the task.' },
          state: { description: 'The state.', anyOf: [{ enum: ['Done'] }, { type: 'string' }] },
        },
      },
      Failure: {
        type: 'object',
        description: 'An error.',
        xml: { name: 'Error' },
        properties: { code: { type: 'string', description: 'The code.' } },
      },
    },
  },
}

const MEDIA = [
  '/paths/~1tasks/post/requestBody/content',
  '/paths/~1tasks/post/responses/200/content',
  '/components/responses/BadRequest/content',
]
const XML_CHANGES: Changes = Object.fromEntries(
  ['TaskRequest', 'TaskResponse', 'Failure'].map((name, index) => [
    MEDIA[index] ?? '',
    {
      'application/xml': {
        schema: { $ref: `#/components/schemas/${name}` },
        'x-xsd': 'task.xsd',
        examples: { one: { value: '<x/>' } },
      },
    },
  ]),
)

export const XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Request" type="TaskRequest"/>
  <xs:element name="Response" type="TaskResponse"/>
  <xs:element name="Error" type="Failure"/>
  <xs:complexType name="TaskRequest">
    <xs:all>
      <xs:element name="kind"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="copy"/>
      </xs:restriction></xs:simpleType></xs:element>
      <xs:element name="place"><xs:complexType><xs:all>
        <xs:element name="region" type="xs:string"/>
      </xs:all></xs:complexType></xs:element>
      <xs:element name="name" type="xs:string"/>
    </xs:all>
  </xs:complexType>
  <xs:complexType name="TaskResponse">
    <xs:choice maxOccurs="unbounded"><xs:element name="tasks" type="Task" maxOccurs="unbounded"/></xs:choice>
  </xs:complexType>
  <xs:complexType name="Task">
    <xs:all>
      <xs:element name="id" type="xs:string"/>
      <xs:element name="state" type="xs:string" minOccurs="0"/>
    </xs:all>
  </xs:complexType>
  <xs:complexType name="Failure">
    <xs:all><xs:element name="code" type="xs:string" minOccurs="0"/></xs:all>
  </xs:complexType>
</xs:schema>`
