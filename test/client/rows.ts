import type { OperationRow } from '../../src/client/operation-row.js'

const common = {
  document: '',
  constants: {},
  defaults: [],
  result: [],
  retrySafety: 'idempotent',
  ifInDoubt: 'Send it again.',
  permissions: [],
  idFields: [],
  resultFields: [],
} as const

/** Rows as generation writes them for operations without a body. */
export const rows = {
  listThings: {
    ...common,
    name: 'listThings',
    method: 'GET',
    path: '/v1/{project_id}/things',
    parameters: [
      { name: 'project_id', in: 'path', option: 'projectId' },
      { name: 'id', in: 'query', list: 'repeated' },
      { name: 'states', in: 'query', list: 'comma' },
      { name: 'size', in: 'query' },
      { name: 'deep', in: 'query' },
    ],
    request: {
      type: 'object',
      additionalProperties: false,
      properties: {
        id: { type: 'array', items: { type: 'string' }, maxItems: 10 },
        states: { type: 'array', items: { type: 'string' } },
        size: { type: 'integer', minimum: 1, maximum: 100 },
        deep: { type: 'boolean' },
      },
    },
    response: {
      status: 200,
      contentType: 'application/json',
      essentials: { type: 'object', required: ['things'], properties: { things: { type: 'array' } } },
    },
    result: ['things'],
  },
  getThings: {
    ...common,
    name: 'getThings',
    method: 'GET',
    path: '/v1/{project_id}/things/{ids}',
    parameters: [
      { name: 'project_id', in: 'path', option: 'projectId' },
      { name: 'ids', in: 'path', list: 'comma' },
    ],
    request: {
      type: 'object',
      additionalProperties: false,
      required: ['ids'],
      properties: { ids: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'string' } } },
    },
    response: { status: 200, contentType: 'application/json' },
  },
  cancelThing: {
    ...common,
    name: 'cancelThing',
    method: 'PUT',
    path: '/v1/{project_id}/things/{id}',
    parameters: [
      { name: 'project_id', in: 'path', option: 'projectId' },
      { name: 'id', in: 'path' },
      { name: 'cancel', in: 'query', const: '' },
    ],
    request: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { type: 'string' } },
    },
    response: { status: 200 },
  },
  deleteThing: {
    ...common,
    name: 'deleteThing',
    method: 'DELETE',
    path: '/v1/{project_id}/things',
    parameters: [
      { name: 'project_id', in: 'path', option: 'projectId' },
      { name: 'id', in: 'query' },
    ],
    request: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: { id: { type: 'string' } },
    },
    response: { status: 204 },
  },
  renameThing: {
    ...common,
    name: 'renameThing',
    method: 'PATCH',
    path: '/v1/{project_id}/things/{id}',
    parameters: [
      { name: 'project_id', in: 'path', option: 'projectId' },
      { name: 'id', in: 'path' },
    ],
    request: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'name'],
      properties: { id: { type: 'string' }, name: { type: 'string' } },
    },
    requestBody: { contentType: 'application/json' },
    response: { status: 200, contentType: 'application/json' },
  },
} as const satisfies Record<string, OperationRow>
