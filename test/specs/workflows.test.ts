import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { listOf, lookUp, objectOf, readBundled, referred, textOf, type Json, type JsonObject } from './bundled.js'

const FOLDER = 'specs/workflows'
const POINTER = /^\$response\.body#(\/.+)$/

/** One step with what it calls. */
interface Step {
  readonly name: string
  readonly step: JsonObject
  readonly workflow: JsonObject
  readonly arazzo: JsonObject
  /** The OpenAPI document of the operation. */
  readonly document: JsonObject
  readonly operation: JsonObject
}

const files = readdirSync(FOLDER)
const steps = files.flatMap(stepsOf)

describe('the workflows', () => {
  it('are two documents, whose sources are the bundles', () => {
    expect(files).toEqual(['huawei-vod.yaml', 'tencent-ci.yaml'])
    const urls = files.flatMap((file) =>
      listOf(readArazzo(file)['sourceDescriptions']).map((source) => textOf(objectOf(source)['url'])),
    )
    for (const url of urls) {
      expect(url).toMatch(/^\.\.\/\.\.\/generated\/specs\/[\w-]+\.json$/)
      expect(existsSync(path.join(FOLDER, url))).toBe(true)
    }
  })

  it.each(steps)(
    '$name gives the required parameters, and no unknown ones',
    ({ arazzo, workflow, step, document, operation }) => {
      const given = [...listOf(workflow['parameters']), ...listOf(step['parameters'])]
        .map((parameter) => reused(arazzo, objectOf(parameter)))
        .map(placeOf)
      const parameters = listOf(operation['parameters']).map((parameter) => referred(document, objectOf(parameter)))
      const schemes = Object.values(objectOf(lookUp(document, '/components/securitySchemes').value))
      const known = [...parameters, ...schemes.map(objectOf)].map(placeOf)
      const required = parameters.filter((parameter) => parameter['required'] === true).map(placeOf)
      expect(given.filter((place) => !known.includes(place))).toEqual([])
      expect(required.filter((place) => !given.includes(place))).toEqual([])
    },
  )

  it.each(steps)('$name uses the media type of the request', ({ step, document, operation }) => {
    const { contentType } = objectOf(step['requestBody'])
    const body = referred(document, objectOf(operation['requestBody']))
    expect(contentType).toEqual(Object.keys(objectOf(body['content']))[0])
  })

  it.each(steps)('$name expects the documented status', ({ step, operation }) => {
    const [status] = Object.keys(objectOf(operation['responses'])).filter((name) => name.startsWith('2'))
    const [first] = listOf(step['successCriteria'])
    expect(first).toEqual({ condition: `$statusCode == ${String(status)}` })
  })

  it.each(steps)('$name points to fields of the response', ({ arazzo, step, document, operation }) => {
    const actions = listOf(step['onFailure']).map((action) => reused(arazzo, objectOf(action)))
    const criteria = [step['successCriteria'], ...actions.map(({ criteria }) => criteria)].flatMap(listOf).map(objectOf)
    const texts = [
      ...Object.values(objectOf(step['outputs'])),
      ...criteria.map(({ context }) => context ?? ''),
      ...criteria.map(({ condition }) => textOf(condition).split(' ')[0] ?? ''),
    ].map(textOf)
    const pointers = texts.flatMap((text) => POINTER.exec(text)?.[1] ?? [])
    const schema = responseSchema(document, operation)
    expect(pointers.filter((pointer) => !isDescribed(document, schema, pointer.split('/').slice(1)))).toEqual([])
  })

  it.each(files)('%s uses all inputs, and declares those that it uses', (file) => {
    const { components, workflows } = readArazzo(file)
    for (const workflow of listOf(workflows).map(objectOf)) {
      const { inputs } = workflow
      const reusable = listOf(workflow['parameters']).length > 0 ? objectOf(components)['parameters'] : undefined
      const used = JSON.stringify([workflow, reusable]).matchAll(/\$inputs\.(\w+)/g)
      const declared = Object.keys(objectOf(objectOf(inputs)['properties']))
      expect([...new Set(Array.from(used, ([, name]) => name))].sort()).toEqual([...declared].sort())
      expect(objectOf(inputs)['required']).toEqual(declared)
    }
  })
})

describe('a wait', () => {
  const states = (document: string, schema: string): Record<string, string[]> =>
    // x-states is an object of lists of texts.
    lookUp(readBundled(document), `/components/schemas/${schema}`).value['x-states'] as unknown as Record<
      string,
      string[]
    >
  const asset = states('huawei-vod', 'AssetStatus')
  const job = states('tencent-ci-jobs', 'JobState')

  it('for an asset follows its states', () => {
    const { known, success, failure } = patternsOf('extractAudio', 'waitForAudio', asset)
    expect(success(known)).toEqual(asset['succeeded'])
    expect(failure('missing', known)).toEqual(asset['missing'])
    expect(failure('failed', known)).toEqual([asset['failed'], asset['cancelled'], asset['missing']].flat())
  })

  it.each([
    ['separateVoice', 'waitForVoice'],
    ['reduceNoise', 'waitForAudio'],
  ])('for a job follows its states: %s', (workflow, step) => {
    const { known, success, failure } = patternsOf(workflow, step, job)
    expect(success(known)).toEqual(job['succeeded'])
    expect(failure('failed', known)).toEqual([job['failed'], job['cancelled']].flat())
  })

  it('lasts at most half an hour', () => {
    const waits = ['extractAudio, waitForAudio', 'separateVoice, waitForVoice', 'reduceNoise, waitForAudio']
    const seconds = waits.map((wait) => {
      const { step, arazzo } = steps.find(({ name }) => name === wait) ?? {}
      const actions = listOf(step?.['onFailure']).map((action) => reused(arazzo ?? {}, objectOf(action)))
      const { retryAfter, retryLimit } = actions.find(({ name }) => name === 'running') ?? {}
      return Number(retryAfter) * Number(retryLimit)
    })
    expect(seconds).toEqual([1800, 1800, 1800])
  })

  it('for an asset that is no longer published accepts the unpublished states', () => {
    const { known, success, failure } = patternsOf('unpublish', 'confirm', asset)
    const [values] = listOf(lookUp(readBundled('huawei-vod'), '/components/schemas/AssetStatus').value['anyOf'])
    const meanings = objectOf(objectOf(values)['x-enumDescriptions'])
    const unpublished = known.filter((state) => textOf(meanings[state]).startsWith('Unpublished'))
    expect(success(known)).toEqual(unpublished)
    expect(failure('published', known)).toEqual(['PUBLISHED'])
  })

  /** Which of the known states each pattern of a step matches. */
  function patternsOf(workflowId: string, stepId: string, groups: Record<string, string[]>) {
    const found = steps.find(({ name }) => name === `${workflowId}, ${stepId}`)
    const step = found?.step ?? {}
    const matching = (criteria: Json | undefined, values: readonly string[]): string[] => {
      const pattern = listOf(criteria)
        .map(objectOf)
        .find(({ type }) => type === 'regex')?.['condition']
      return values.filter((value) => new RegExp(textOf(pattern) || '(?!)').test(value))
    }
    return {
      known: Object.values(groups).flat(),
      success: (values: readonly string[]) => matching(step['successCriteria'], values),
      failure: (name: string, values: readonly string[]) => {
        const actions = listOf(step['onFailure']).map((action) => reused(found?.arazzo ?? {}, objectOf(action)))
        return matching(actions.find((action) => action['name'] === name)?.['criteria'], values)
      },
    }
  }
})

function readArazzo(file: string): JsonObject {
  // YAML is JSON in another notation.
  return objectOf(parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Json)
}

function stepsOf(file: string): Step[] {
  const arazzo = readArazzo(file)
  return listOf(arazzo['workflows'])
    .map(objectOf)
    .flatMap((workflow) =>
      listOf(workflow['steps']).map((value): Step => {
        const step = objectOf(value)
        const [, source = '', operationId = ''] = textOf(step['operationId']).split('.')
        const sources = listOf(arazzo['sourceDescriptions']).map(objectOf)
        const { url } = sources.find(({ name }) => name === source) ?? {}
        const document = readBundled(path.basename(textOf(url), '.json'))
        const operation = operationOf(document, operationId)
        return {
          name: `${textOf(workflow['workflowId'])}, ${textOf(step['stepId'])}`,
          arazzo,
          workflow,
          step,
          document,
          operation,
        }
      }),
    )
}

function operationOf(document: JsonObject, id: string): JsonObject {
  const operations = Object.values(objectOf(document['paths'])).flatMap((item) =>
    Object.values(objectOf(item)).map(objectOf),
  )
  const operation = operations.find(({ operationId }) => operationId === id)
  if (operation === undefined) throw new Error(`no operation ${id}`)
  return operation
}

/** What a reference such as `$components.parameters.token` refers to. */
function reused(arazzo: JsonObject, value: JsonObject): JsonObject {
  const { reference } = value
  if (reference === undefined) return value
  return lookUp(arazzo, textOf(reference).replace('$', '/').replaceAll('.', '/')).value
}

function placeOf({ in: place, name }: JsonObject): string {
  return `${textOf(name)} in ${textOf(place)}`
}

/** The schema of the success response. */
function responseSchema(document: JsonObject, operation: JsonObject): JsonObject {
  const [response] = Object.entries(objectOf(operation['responses'])).filter(([status]) => status.startsWith('2'))
  const [media] = Object.values(objectOf(referred(document, objectOf(response?.[1]))['content']))
  return referred(document, objectOf(objectOf(media)['schema']))
}

/** Whether a schema, or one of its alternatives, describes the field that a JSON pointer leads to. */
function isDescribed(document: JsonObject, schema: JsonObject, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return schema['not'] === undefined
  const properties = objectOf(schema['properties'])
  const next = /^\d+$/.test(name) ? schema['items'] : properties[name]
  const alternatives = listOf(schema['anyOf']).map((branch) => referred(document, objectOf(branch)))
  return (
    (next !== undefined && isDescribed(document, referred(document, objectOf(next)), rest)) ||
    alternatives.some((branch) => isDescribed(document, branch, [name, ...rest]))
  )
}
