import { describe, expect, it } from 'vitest'
import { jsonDocument, xmlDocument, XSD, type Changes, type Json } from './documents.js'
import { GET, messageOf, POST, query, ROOT, SCHEMAS, withParameter, type Case } from './rejection.js'

/** An open value list with two known values. */
function stage(states: Json): Json {
  return { description: 'A stage.', anyOf: [{ enum: ['new', 'done'] }, { type: 'string' }], 'x-states': states }
}

const cases: Case[] = [
  // Values that the client knows
  [
    'an unknown option',
    { [`${SCHEMAS}/Place/properties/region/x-known-to-client`]: 'zone' },
    `${SCHEMAS}/Place/properties/region/x-known-to-client: zone is not an option of the client: use region`,
  ],
  [
    'an option inside a list',
    { [`${SCHEMAS}/TaskRequest/properties/places`]: { type: 'array', items: { $ref: '#/components/schemas/Place' } } },
    `${SCHEMAS}/Place/properties/region: x-known-to-client is not on a field: put it on a property of an object`,
  ],
  [
    'an option inside a branch',
    { [`${SCHEMAS}/TaskRequest/anyOf`]: [{ properties: { name: { type: 'string', 'x-known-to-client': 'region' } } }] },
    `${SCHEMAS}/TaskRequest/anyOf/0/properties/name: x-known-to-client is not on a field: put it on a property of an object`,
  ],
  // Schemas
  ...['allOf', 'oneOf', 'default', 'nullable', 'patternProperties', 'uniqueItems'].map((keyword): Case => [
    keyword,
    { [`${SCHEMAS}/Place/${keyword}`]: [] },
    `${SCHEMAS}/Place/${keyword}: is not supported: use the keywords that specs/README.md lists`,
  ]),
  [
    'a list of types',
    { [`${SCHEMAS}/Place/type`]: ['object', 'null'] },
    `${SCHEMAS}/Place/type: ["object","null"] is not supported: write string or number or integer or boolean or object or array or null`,
  ],
  [
    'a schema for other properties',
    { [`${SCHEMAS}/Place/additionalProperties`]: {} },
    `${SCHEMAS}/Place/additionalProperties: must be true or false: write true or false`,
  ],
  ['an empty enum', { [`${SCHEMAS}/Place/enum`]: [] }, `${SCHEMAS}/Place/enum: is empty: name at least one`],
  [
    'a constant that is an object',
    { [`${SCHEMAS}/Place/const`]: {} },
    `${SCHEMAS}/Place/const: must be a text, a number, or a boolean: write one of these`,
  ],
  [
    'a wrong pattern',
    { [`${SCHEMAS}/Place/properties/region/pattern`]: '(' },
    `${SCHEMAS}/Place/properties/region/pattern: Invalid regular expression: /(/u: Unterminated group: write a JavaScript regular expression`,
  ],
  [
    'a name of XML below the root',
    { [`${SCHEMAS}/Place/properties/region/xml`]: { name: 'r' } },
    `${SCHEMAS}/Place/properties/region/xml: is not supported: use the keywords that specs/README.md lists`,
  ],
  [
    'a namespace of XML',
    { [`${SCHEMAS}/TaskRequest/xml/namespace`]: 'a' },
    `${SCHEMAS}/TaskRequest/xml/namespace: is not supported: supported here: name`,
  ],
  [
    'a rule beside a $ref',
    { [`${SCHEMAS}/TaskRequest/properties/place/minLength`]: 1 },
    `${SCHEMAS}/TaskRequest/properties/place/minLength: is not supported: put it into the schema that the $ref names`,
  ],
  [
    'a schema that contains itself',
    { [`${SCHEMAS}/Place/properties/inner`]: { $ref: '#/components/schemas/Place' } },
    `${SCHEMAS}/Place/properties/inner: Place contains itself: recursive schemas are not supported`,
  ],
  [
    'a $ref to nothing',
    { [`${SCHEMAS}/TaskRequest/properties/place`]: { $ref: '#/components/schemas/No' } },
    `${SCHEMAS}/TaskRequest/properties/place: #/components/schemas/No is not a component: refer to a component of the document`,
  ],
  [
    'a $ref to another kind',
    { [`${SCHEMAS}/TaskRequest/properties/place`]: { $ref: '#/components/responses/BadRequest' } },
    `${SCHEMAS}/TaskRequest/properties/place: does not refer to a schema: refer to components/schemas`,
  ],
  [
    'a $ref to itself',
    { '/components/responses/BadRequest': { $ref: '#/components/responses/BadRequest' } },
    '/components/responses/BadRequest: #/components/responses/BadRequest refers to itself: refer to a component that has content',
  ],
  [
    'a schema that is not in PascalCase',
    { [`${SCHEMAS}/Place-2`]: { type: 'object' } },
    `${SCHEMAS}/Place-2: Place-2 is not a name in PascalCase: rename the schema`,
  ],
  [
    'a schema with a reserved name',
    { [`${SCHEMAS}/Function`]: { type: 'object' } },
    `${SCHEMAS}/Function: the name Function is taken: rename the schema`,
  ],
  [
    'a schema with the name of an import',
    { [`${SCHEMAS}/CallPromise`]: { type: 'object' } },
    `${SCHEMAS}/CallPromise: the name CallPromise is taken: rename the schema`,
  ],
  [
    'a schema with the name of a request',
    withParameter(query({ type: 'string' }), { [`${SCHEMAS}/GetTaskRequest`]: { type: 'object' } }),
    `${GET}: ${ROOT} has schema GetTaskRequest, too: rename one`,
  ],
  [
    'a schema with the name of a table',
    { [`${SCHEMAS}/CreateTaskRequest`]: { type: 'object' } },
    `${POST}/operationId: the schema CreateTaskRequest has the name of a table of createTask: rename one`,
  ],
  [
    'a value of a list without a description',
    { [`${SCHEMAS}/Place/properties/region`]: { type: 'string', enum: ['a', 'b'], 'x-enumDescriptions': { a: 'A.' } } },
    `${SCHEMAS}/Place/properties/region/x-enumDescriptions: lacks b: describe all values of enum, or none`,
  ],
  [
    'a description of a value that is not in the list',
    {
      [`${SCHEMAS}/Place/properties/region`]: {
        type: 'string',
        enum: ['a'],
        'x-enumDescriptions': { a: 'A.', b: 'B.' },
      },
    },
    `${SCHEMAS}/Place/properties/region/x-enumDescriptions/b: b is not in enum: remove it`,
  ],
  [
    'a rule in else',
    { [`${SCHEMAS}/Place/else`]: { title: 'Otherwise', required: ['region'] } },
    `${SCHEMAS}/Place/else/required: is not supported: state rules in then`,
  ],
  [
    'a not with rules',
    { [`${SCHEMAS}/Place/properties/region/not`]: { type: 'string' } },
    `${SCHEMAS}/Place/properties/region/not/type: is not supported: write {}: the property is never there`,
  ],
  [
    'a known value without a group of states',
    { [`${SCHEMAS}/Stage`]: stage({ running: ['new'] }) },
    `${SCHEMAS}/Stage/x-states: must have done once: put it into one group`,
  ],
  [
    'a state in two groups',
    { [`${SCHEMAS}/Stage`]: stage({ running: ['new', 'done'], succeeded: ['done'] }) },
    `${SCHEMAS}/Stage/x-states: must have done once: put it into one group`,
  ],
  [
    'a state that is not a known value',
    { [`${SCHEMAS}/Stage`]: stage({ running: ['new', 'old'], succeeded: ['done'] }) },
    `${SCHEMAS}/Stage/x-states: old is not a known value: remove it`,
  ],
  [
    'an unknown group of states',
    { [`${SCHEMAS}/Stage`]: stage({ waiting: ['new'], succeeded: ['done'] }) },
    `${SCHEMAS}/Stage/x-states/waiting: is not supported: supported here: running, succeeded, failed, cancelled, missing`,
  ],
  [
    'equal properties that are three',
    { [`${SCHEMAS}/Place/x-equal-properties`]: ['a', 'b', 'c'] },
    `${SCHEMAS}/Place/x-equal-properties: must name two properties: name two`,
  ],
  // Facts of the provider
  ['another version of OpenAPI', { '/openapi': '3.0.3' }, '/openapi: is not OpenAPI 3.1: write 3.1.1'],
  [
    'an error code that does not say whether the request ran',
    { '/x-error-codes/Busy/refusal': 'yes' },
    '/x-error-codes/Busy/refusal: must be true or false: true if the request did not run',
  ],
  [
    'two servers',
    { '/servers': [{ url: 'https://a' }, { url: 'https://b' }] },
    '/servers: must hold one server: describe one',
  ],
  [
    'an unknown server variable',
    { '/servers/0/url': 'https://{zone}' },
    '/servers/0/url: {zone} is not described: add it to variables',
  ],
  [
    'a scheme that is no header',
    { '/components/securitySchemes/token/in': 'query' },
    '/components/securitySchemes/token/in: "query" is not supported: write header',
  ],
  ['no clock tolerance', { '/x-clock-tolerance': undefined }, '/x-clock-tolerance: is missing: write the seconds'],
  ['no clock refusal', { '/x-clock-refusal': undefined }, '/x-clock-refusal: is missing: write a text'],
  [
    'a throttle window without a group',
    { '/x-throttle-window': '(?<count>\\d+)' },
    '/x-throttle-window: has no group unit: name the groups count and unit',
  ],
  ['no error codes', { '/x-error-codes': undefined }, '/x-error-codes: is missing: name the file with the error codes'],
  [
    'an unknown cure',
    { '/x-error-codes/Busy/cure': 'rest' },
    '/x-error-codes/Busy/cure: "rest" is not supported: write throttled or clock or token or credentials or permission',
  ],
]

describe('generation rejects', () => {
  it.each(cases)('%s', (_, changes, message) => {
    expect(messageOf(jsonDocument(changes))).toBe(`${ROOT}: ${message}`)
  })
})

describe('generation rejects an XML body', () => {
  const body = `${POST}/requestBody/content/application~1xml`

  it.each<[string, Changes, string, string]>([
    ['without an XSD', { [`${body}/x-xsd`]: undefined }, XSD, `${body}/x-xsd: is missing: name the XSD of this body`],
    [
      'with an XSD that does not exist',
      { [`${body}/x-xsd`]: 'no.xsd' },
      XSD,
      `${body}/x-xsd: specs/acme/no.xsd does not exist: correct the path`,
    ],
    [
      'without the name of its root',
      { [`${SCHEMAS}/TaskRequest/xml`]: undefined },
      XSD,
      `${body}/schema: has no xml.name: name the root element`,
    ],
    [
      'whose XSD lacks the root',
      { [`${SCHEMAS}/TaskRequest/xml/name`]: 'Order' },
      XSD,
      `${body}: xsd-and-schema-disagree: specs/acme/task.xsd has no element Order: correct one of them`,
    ],
    [
      'that differs from its XSD, and names every difference',
      {
        [`${SCHEMAS}/TaskRequest/properties/size`]: { type: 'string' },
        [`${SCHEMAS}/TaskRequest/properties/name/type`]: 'integer',
        [`${SCHEMAS}/TaskRequest/properties/kind/const`]: 'move',
      },
      XSD.replace('name="region"', 'name="area" maxOccurs="unbounded"'),
      `${body}: ${[
        'Request.size is only in the OpenAPI schema',
        'Request.kind has the values ["copy"] in the XSD, ["move"] in the schema',
        'Request.place.region is only in the OpenAPI schema',
        'Request.place.area is only in the XSD',
        'Request.name is integer in the schema, and text in XML',
      ]
        .map((difference) => `xsd-and-schema-disagree: specs/acme/task.xsd: ${difference}`)
        .join('\n')}: correct one of them`,
    ],
    [
      'that differs in requiredness and repetition',
      {},
      XSD.replace(
        '<xs:element name="name" type="xs:string"/>',
        '<xs:element name="name" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>',
      ),
      `${body}: ${['Request.name is required in only one', 'Request.name repeats in only one']
        .map((difference) => `xsd-and-schema-disagree: specs/acme/task.xsd: ${difference}`)
        .join('\n')}: correct one of them`,
    ],
  ])('%s', (_, changes, xsd, message) => {
    expect(messageOf(xmlDocument(changes, 'openapi', 'acme', xsd))).toBe(`${ROOT}: ${message}`)
  })

  it('of an error that differs from other errors', () => {
    const schema = { $ref: '#/components/schemas/TaskResponse' }
    const content = { 'application/xml': { schema, 'x-xsd': 'task.xsd', examples: { one: { value: '<x/>' } } } }
    const message = 'differs from another XML body with the table errorElement: use one schema and one XSD'
    expect(messageOf(xmlDocument({ [`${POST}/responses/404`]: { description: 'None.', content } }))).toBe(
      `${ROOT}: ${POST}/responses/404/content/application~1xml: ${message}`,
    )
  })

  it('beside a body of another media type', () => {
    const schema = { $ref: '#/components/schemas/Failure' }
    const content = { 'application/json': { schema, examples: { one: { value: {} } } } }
    const message = `application/json is not the media type of the provider's other bodies: use application/xml`
    expect(messageOf(xmlDocument({ [`${POST}/responses/404`]: { description: 'None.', content } }))).toBe(
      `${ROOT}: ${POST}/responses/404/content/application~1json: ${message}`,
    )
  })

  it('nothing in the document that the cases change', () => {
    expect(messageOf(xmlDocument())).toBe('no error')
  })
})

describe('generation rejects two documents', () => {
  const other = { '/paths/~1tasks/post/operationId': 'createOther' }
  const first = 'specs/acme/first.yaml'
  const second = 'specs/acme/second.yaml'

  it.each<[string, Changes, string]>([
    ['with one operationId', {}, `${POST}: ${first} has operation createTask, too: rename one`],
    [
      'that describe one schema differently',
      { ...other, [`${SCHEMAS}/Task/description`]: 'Work.' },
      `${SCHEMAS}/Task: Task differs from that of another document: rename one`,
    ],
    [
      'with different servers',
      { ...other, '/servers/0/url': 'https://acme.example' },
      `/servers: differs from ${first}: a provider has one for all its documents`,
    ],
    [
      'with different error codes',
      { ...other, '/x-error-codes': {} },
      `/x-error-codes: differs from ${first}: a provider has one for all its documents`,
    ],
    [
      'with different clocks',
      { ...other, '/x-clock-tolerance': 1 },
      `/x-clock-tolerance: differs from ${first}: a provider has one for all its documents`,
    ],
    [
      'with different headers of a role',
      {
        ...other,
        [`${POST}/responses/200/headers`]: { Time: { 'x-role': 'date' }, 'X-Request': { 'x-role': 'request-id' } },
      },
      `${POST}/responses/200/headers/Time: Time and Date both have x-role date: use one name`,
    ],
  ])('%s', (_, changes, message) => {
    expect(messageOf(jsonDocument({}, 'first'), jsonDocument(changes, 'second'))).toBe(`${second}: ${message}`)
  })

  it('of two providers with one schema name', () => {
    const message = `${SCHEMAS}/TaskRequest: ${ROOT} has schema TaskRequest, too: rename one`
    expect(messageOf(jsonDocument(), jsonDocument(other, 'openapi', 'zeta'))).toBe(
      `specs/zeta/openapi.yaml: ${message}`,
    )
  })

  it('whose names give one key', () => {
    const message = `specs/acme/a--b.yaml: /: specs/acme/a-b.yaml has document aB, too: rename one`
    expect(messageOf(jsonDocument({}, 'a-b'), jsonDocument(other, 'a--b'))).toBe(message)
  })

  it('whose XML bodies have one name and two XSDs', () => {
    const xsd = XSD.replace('<xs:element name="state" type="xs:string" minOccurs="0"/>', '').replace(
      '<xs:element name="id" type="xs:string"/>',
      '<xs:element name="state" type="xs:string" minOccurs="0"/><xs:element name="id" type="xs:string"/>',
    )
    const message = `${POST}/responses/200/content/application~1xml: differs from another XML body with the table taskResponse: use one schema and one XSD`
    expect(messageOf(xmlDocument({}, 'first'), xmlDocument(other, 'second', 'acme', xsd))).toBe(`${second}: ${message}`)
  })
})

it('rejects a document outside the folder of a provider', () => {
  expect(messageOf({ ...jsonDocument(), root: 'specs/openapi.yaml' })).toBe(
    'specs/openapi.yaml: /: the path is not supported: put the document at specs/<provider>/<name>.yaml',
  )
})

it('rejects two error codes with one name in code', () => {
  const code: Json = { status: [400], meaning: 'A.', hint: 'B.', refusal: true }
  expect(messageOf(jsonDocument({ '/x-error-codes': { 'A.1': code, A_1: code } }))).toBe(
    `${ROOT}: /x-error-codes: A.1 and A_1 have one name in code: rename one`,
  )
})
