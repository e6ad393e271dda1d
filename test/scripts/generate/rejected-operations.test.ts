import { describe, expect, it } from 'vitest'
import { jsonDocument, operation } from './documents.js'
import { GET, messageOf, POST, query, ROOT, SCHEMAS, SECOND, withParameter, type Case } from './rejection.js'

const BODY = `${POST}/requestBody/content/application~1json`

const HOOK = '/webhooks/taskDone'
const DONE = {
  operationId: 'receiveTask',
  summary: 'Receive a task',
  requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Place' } } } },
}

const cases: Case[] = [
  // Webhooks
  [
    'a webhook whose name is not in camelCase',
    { '/webhooks/task-done': { post: DONE } },
    '/webhooks/task-done: task-done is not a name in camelCase: rename it',
  ],
  ['a webhook that is a GET', { [HOOK]: { get: DONE } }, `${HOOK}/get: is not supported: webhooks are POST requests`],
  [
    'a webhook without a body',
    { [`${HOOK}/post`]: { ...DONE, requestBody: {} } },
    `${HOOK}/post/requestBody: has no content: describe the body`,
  ],
  [
    'a body of a webhook without a name',
    { [`${HOOK}/post`]: { ...DONE, requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } },
    `${HOOK}/post/requestBody/content/application~1json/schema: has no name: refer to a component with $ref`,
  ],
  [
    'an unknown role of a header of a webhook',
    { [`${HOOK}/post`]: { ...DONE, parameters: [{ name: 'sign', in: 'header', 'x-role': 'date' }] } },
    `${HOOK}/post/parameters/0/x-role: "date" is not supported: write signature or timestamp or message-type or message-id or topic-urn`,
  ],
  [
    'a role of a parameter of a webhook in the query',
    { [`${HOOK}/post`]: { ...DONE, parameters: [{ name: 'sign', in: 'query', 'x-role': 'signature' }] } },
    `${HOOK}/post/parameters/0/in: "query" is not supported: write header`,
  ],
  [
    'a signed property that does not exist',
    { [`${SCHEMAS}/Place/x-signed-properties`]: ['region', 'Region'] },
    `${SCHEMAS}/Place/x-signed-properties/1: Region is not a property: name a property`,
  ],

  // Operations
  [
    'a missing operationId',
    { [`${POST}/operationId`]: undefined },
    `${POST}/operationId: is missing: name the operation`,
  ],
  [
    'an operationId that is no name',
    { [`${POST}/operationId`]: 'create-task' },
    `${POST}/operationId: create-task is not a name in camelCase: rename it`,
  ],
  [
    'an operation named raw',
    { [`${POST}/operationId`]: 'raw' },
    `${POST}/operationId: the clients have a raw of their own: rename it`,
  ],
  [
    'a missing summary',
    { [`${POST}/summary`]: undefined },
    `${POST}/summary: is missing: say in a few words what the operation does`,
  ],
  [
    'a missing description',
    { [`${POST}/description`]: undefined },
    `${POST}/description: is missing: describe the operation`,
  ],
  [
    'a missing x-retry-safety',
    { [`${POST}/x-retry-safety`]: undefined },
    `${POST}/x-retry-safety: is missing: write refused-only or idempotent`,
  ],
  [
    'an unknown x-retry-safety',
    { [`${POST}/x-retry-safety`]: 'never' },
    `${POST}/x-retry-safety: "never" is not supported: write refused-only or idempotent`,
  ],
  [
    'a missing x-if-in-doubt',
    { [`${POST}/x-if-in-doubt`]: undefined },
    `${POST}/x-if-in-doubt: is missing: say how to find out whether a request has run`,
  ],
  [
    'missing x-permissions',
    { [`${POST}/x-permissions`]: undefined },
    `${POST}/x-permissions: is missing: list the actions that the caller needs`,
  ],
  [
    'another method',
    { '/paths/~1tasks/head': operation('headTask') },
    '/paths/~1tasks/head: is not supported: supported here: get, put, post, delete, patch, parameters, summary, description',
  ],
  [
    'servers of an operation',
    { [`${POST}/servers`]: [] },
    `${POST}/servers: is not supported: supported here: operationId, summary, description, externalDocs, tags, parameters, requestBody, responses, callbacks`,
  ],
  ['no operation', { '/paths': {} }, '/paths: holds no operation: add one, or remove the document'],
  ['paths that are not an object', { '/paths': [] }, '/paths: must be an object: write names with values'],
  [
    'permissions that are not a list',
    { [`${POST}/x-permissions`]: 'task:create' },
    `${POST}/x-permissions: must be a list: write a list`,
  ],
  // Parameters
  [
    'a cookie',
    withParameter({ name: 'c', in: 'cookie', schema: { type: 'string' } }),
    `${SECOND}/in: "cookie" is not supported: write path or query or header`,
  ],
  [
    'a header that no option supplies',
    withParameter({ name: 'X-A', in: 'header', schema: { type: 'string' } }),
    `${SECOND}: the header X-A is not supported: add x-known-to-client, or remove it`,
  ],
  [
    'an option header that one operation lacks',
    withParameter({ name: 'X-A', in: 'header', schema: { type: 'string' }, 'x-known-to-client': 'a' }),
    `${POST}: lacks the header X-A: add it: clients always send it`,
  ],
  [
    'an option header with two options',
    withParameter(
      { name: 'X-A', in: 'header', schema: { type: 'string' }, 'x-known-to-client': 'a' },
      { [`${POST}/parameters`]: [{ name: 'X-A', in: 'header', schema: { type: 'string' }, 'x-known-to-client': 'b' }] },
    ),
    `${SECOND}: carries a here and b elsewhere: use one option`,
  ],
  [
    'a style of the path',
    withParameter(query({ type: 'string' }), { [`${GET}/parameters/0/style`]: 'label' }),
    `${GET}/parameters/0/style: "label" is not supported: write simple`,
  ],
  [
    'a style of the query',
    withParameter(query({ type: 'array', items: { type: 'string' } }, { style: 'pipeDelimited' })),
    `${SECOND}/style: "pipeDelimited" is not supported: write form`,
  ],
  [
    'an object in a parameter',
    withParameter(query({ type: 'object' })),
    `${SECOND}/schema: objects and lists of lists are not supported: use a text, a number, a boolean, or a list of these`,
  ],
  [
    'an object in a component',
    withParameter(query({ $ref: '#/components/schemas/Place' })),
    `${SECOND}/schema: objects and lists of lists are not supported: use a text, a number, a boolean, or a list of these`,
  ],
  [
    'a list of lists',
    withParameter(query({ type: 'array', items: { type: 'array' } })),
    `${SECOND}/schema: objects and lists of lists are not supported: use a text, a number, a boolean, or a list of these`,
  ],
  [
    'an object in a branch',
    withParameter(query({ anyOf: [{ type: 'string' }, { type: 'object' }] })),
    `${SECOND}/schema: objects and lists of lists are not supported: use a text, a number, a boolean, or a list of these`,
  ],
  [
    'a parameter with content',
    withParameter({ name: 'a', in: 'query', content: {} }),
    `${SECOND}/content: is not supported: supported here: name, in, required, description, schema, style, explode, example, examples`,
  ],
  [
    'a parameter without a schema',
    withParameter({ name: 'a', in: 'query' }),
    `${SECOND}/schema: must be a schema: write an object with a type`,
  ],
  [
    'an optional parameter of the path',
    withParameter(query({ type: 'string' }), { [`${GET}/parameters/0/required`]: false }),
    `${GET}/parameters/0: id is not required: add required: true`,
  ],
  [
    'a parameter that the path lacks',
    withParameter({ name: 'no', in: 'path', required: true, schema: { type: 'string' } }),
    `${SECOND}: the path has no {no}: add it to the path, or remove it`,
  ],
  [
    'a path without its parameter',
    withParameter(query({ type: 'string' }), { [`${GET}/parameters`]: [] }),
    `${GET}: no parameter describes {id}: add it to parameters`,
  ],
  [
    'a parameter that is there twice',
    withParameter({ name: 'id', in: 'path', required: true, schema: { type: 'string' } }),
    `${SECOND}: id is there twice: remove one`,
  ],
  [
    'two parameters of one name',
    withParameter({ name: 'id', in: 'query', schema: { type: 'string' } }),
    `${SECOND}: two parameters are named id: a request cannot hold both`,
  ],
  [
    'a parameter with the name of a field',
    { [`${POST}/parameters`]: [{ name: 'name', in: 'query', schema: { type: 'string' } }] },
    `${POST}/parameters/0: the body has a field name, too: a request cannot hold both`,
  ],
  // Bodies
  [
    'two media types',
    { [`${POST}/requestBody/content/text~1xml`]: {} },
    `${POST}/requestBody/content: has the media types application/json and text/xml: describe one media type`,
  ],
  [
    'another media type',
    { [`${POST}/requestBody/content`]: { 'text/plain': {} } },
    `${POST}/requestBody/content/text~1plain: text/plain is not supported: use application/json or application/xml`,
  ],
  [
    'a body without content',
    { [`${POST}/requestBody/content`]: undefined },
    `${POST}/requestBody/content: is missing: describe the body, or remove requestBody`,
  ],
  [
    'an optional body',
    { [`${POST}/requestBody/required`]: false },
    `${POST}/requestBody: the body is optional: add required: true`,
  ],
  [
    'a body of GET',
    { '/paths/~1tasks/get': operation('getTasks', { '/requestBody': { required: true, content: {} } }) },
    '/paths/~1tasks/get/requestBody: GET has no body: remove it, or use another method',
  ],
  [
    'a body without a name',
    { [`${BODY}/schema`]: { type: 'object' } },
    `${BODY}/schema: has no name: refer to a component with $ref`,
  ],
  [
    'a body that is a list',
    { [`${SCHEMAS}/TaskRequest`]: { type: 'array', items: { type: 'string' } } },
    `${BODY}/schema: must be an object: add type: object`,
  ],
  [
    'an example without a value',
    { [`${BODY}/examples/task/value`]: undefined },
    `${BODY}/examples/task/value: is missing: give the example a value or an externalValue`,
  ],
  // Responses
  [
    'no success response',
    { [`${POST}/responses/200`]: undefined },
    `${POST}/responses: has no 2xx response: describe the success`,
  ],
  [
    'two success responses',
    { [`${POST}/responses/202`]: { description: 'Later.' } },
    `${POST}/responses: has the success responses 200 and 202: describe one`,
  ],
  [
    'a default response',
    { [`${POST}/responses/default`]: { description: 'Others.' } },
    `${POST}/responses/default: default is not a status: describe each status by its number`,
  ],
  [
    'a response without the ID of the request',
    { [`${POST}/responses/200/headers/X-Request`]: undefined },
    `${POST}: no header of its 2xx response has x-role request-id: add the header`,
  ],
  [
    'a response without the date',
    { [`${POST}/responses/200/headers/Date`]: undefined },
    `${POST}: no header of its 2xx response has x-role date: add the header`,
  ],
  [
    'two headers of one role',
    { [`${POST}/responses/200/headers/Age`]: { 'x-role': 'date' } },
    `${POST}/responses/200/headers/Age: two headers have x-role date: remove one`,
  ],
  [
    'an unknown role',
    { [`${POST}/responses/200/headers/Age`]: { 'x-role': 'age' } },
    `${POST}/responses/200/headers/Age/x-role: "age" is not supported: write request-id or date or trace-id`,
  ],
  [
    'two names for a role',
    { '/components/responses/BadRequest/headers': { Time: { 'x-role': 'date' } } },
    '/components/responses/BadRequest/headers/Time: Time and Date both have x-role date: use one name',
  ],
  // Results
  [
    'an x-result that leads nowhere',
    { [`${POST}/x-result`]: '/task' },
    `${POST}/x-result: leads nowhere at task: follow the schema of the response`,
  ],
  [
    'an x-result into a list by name',
    { [`${POST}/x-result`]: '/tasks/first' },
    `${POST}/x-result: leads nowhere at first: follow the schema of the response`,
  ],
  [
    'an x-result that is no pointer',
    { [`${POST}/x-result`]: 'tasks' },
    `${POST}/x-result: tasks is not a JSON pointer: begin it with a slash`,
  ],
  [
    'an x-result beyond the items',
    { [`${POST}/x-result`]: '/tasks/1' },
    `${POST}/x-result: 1 may be missing: require it in the schema, or shorten the pointer`,
  ],
  [
    'an x-result to an optional field',
    { [`${POST}/x-result`]: '/tasks', [`${SCHEMAS}/TaskResponse/required`]: undefined },
    `${POST}/x-result: tasks may be missing: require it in the schema, or shorten the pointer`,
  ],
  [
    'an x-result to a schema without a name',
    { [`${POST}/x-result`]: '/tasks/0/id' },
    `${POST}/x-result: leads to a schema without a name: make it a component`,
  ],
  [
    'an x-result without a body',
    { '/paths/~1tasks/get': operation('ping', { '/x-result': '/a' }) },
    '/paths/~1tasks/get/x-result: the response has no body: remove x-result',
  ],
]

describe('generation rejects', () => {
  it.each(cases)('%s', (_, changes, message) => {
    expect(messageOf(jsonDocument(changes))).toBe(`${ROOT}: ${message}`)
  })

  it('nothing in the documents that the cases change', () => {
    expect(messageOf(jsonDocument(withParameter(query({ type: 'string' }))))).toBe('no error')
  })
})
