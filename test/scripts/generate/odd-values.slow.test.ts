import { describe, expect, it } from 'vitest'
import { SpecError, type Bundle } from '../../../scripts/generate/document-place.js'
import { readProviders } from '../../../scripts/generate/read/provider.js'
import { methodsModule } from '../../../scripts/generate/write/methods.js'
import { operationsModule } from '../../../scripts/generate/write/operations.js'
import { errorCodesModule, examplesModule, providerModule } from '../../../scripts/generate/write/provider.js'
import { rawModule } from '../../../scripts/generate/write/raw.js'
import { schemasModule } from '../../../scripts/generate/write/schemas.js'
import { xmlModule } from '../../../scripts/generate/write/xml.js'
import { operation, xmlDocument, type Changes, type Json } from './documents.js'

const ODD: (Json | undefined)[] = [undefined, null, -1, 'odd', [null], {}]
const MODULES = [
  methodsModule,
  operationsModule,
  providerModule,
  errorCodesModule,
  examplesModule,
  rawModule,
  schemasModule,
  xmlModule,
]

const ALL_KINDS: Changes = {
  '/x-throttle-window': '(?<count>\\d)(?<unit>s)',
  '/paths/~1tasks/post/x-result': '/tasks/0',
  '/paths/~1tasks/post/externalDocs': { url: 'https://acme.example/docs' },
  '/paths/~1tasks~1{ids}': {
    parameters: [{ $ref: '#/components/parameters/Ids' }],
    get: operation('getTasks', {
      '/parameters': [
        { name: 'size', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 } },
        { name: 'all', in: 'query', schema: { const: '' } },
      ],
    }),
  },
  '/components/parameters/Ids': {
    name: 'ids',
    in: 'path',
    required: true,
    style: 'simple',
    schema: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^\\w+$' } },
  },
  '/components/schemas/TaskRequest/if': { required: ['name'], properties: { name: { const: 'a' } } },
  '/components/schemas/TaskRequest/then': { required: ['place'] },
  '/components/schemas/TaskRequest/anyOf': [{ required: ['name'] }, { required: ['kind'] }],
}

describe('an odd value anywhere in a document', () => {
  it('ends generation with a SpecError or not at all', () => {
    const unexpected: string[] = []
    for (const pointer of pointersIn(xmlDocument(ALL_KINDS).content)) {
      for (const value of ODD) {
        const error = errorOf(xmlDocument({ ...ALL_KINDS, [pointer]: value }))
        if (error instanceof Error && !(error instanceof SpecError)) {
          unexpected.push(`${pointer} = ${String(value && JSON.stringify(value))}: ${error.message}`)
        }
      }
    }
    expect(unexpected).toEqual([])
  })
})

function errorOf(bundle: Bundle): unknown {
  try {
    for (const provider of readProviders([bundle])) for (const module of MODULES) module(provider)
    return undefined
  } catch (error) {
    return error
  }
}

function pointersIn(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer]
  const inside = Object.entries(value).flatMap(([name, child]) =>
    pointersIn(child, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  return pointer === '' ? inside : [pointer, ...inside]
}
