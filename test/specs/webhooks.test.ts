import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parseJobCallback } from '../../src/callbacks.js'
import { eventIn } from '../../src/huawei-vod/callbacks/event.js'
import { listOf, objectOf, readBundled, textOf, type Json, type JsonObject } from './bundled.js'
import { documentedBodies, specOperations, type DocumentedBody } from './operations.js'

const huawei = readBundled('huawei-vod')
const jobs = readBundled('tencent-ci-jobs')
const ajv = new Ajv({ strict: false, validateFormats: false })

function bodiesOf(document: JsonObject, name: string): DocumentedBody[] {
  return documentedBodies(document, postOf(objectOf(document['webhooks'])[name])['requestBody'])
}

function postOf(item: Json | undefined): JsonObject {
  return objectOf(objectOf(item)['post'])
}

function isValid(document: JsonObject, { media, value }: DocumentedBody): boolean {
  return ajv.compile({ ...objectOf(media['schema']), components: document['components'] })(value)
}

describe('the callback of a job', () => {
  const bodies = bodiesOf(jobs, 'jobFinished')

  it('is documented in both formats', () => {
    expect([...new Set(bodies.map(({ contentType }) => contentType))]).toEqual(['application/xml', 'application/json'])
    expect(bodies).toHaveLength(5)
  })

  it.each(bodies)('$name as $contentType parses', (body) => {
    const text = typeof body.value === 'string' ? body.value : JSON.stringify(body.value)
    const [job, other] = parseJobCallback(text)
    expect([job?.State, other]).toEqual(['Success', undefined])
    if (body.contentType === 'application/json') expect(isValid(jobs, body)).toBe(true)
  })

  const creations = specOperations.filter(({ operation }) => operation['callbacks'] !== undefined)

  it('is that of the operations that create jobs', () => {
    expect(creations.map(({ id }) => id)).toEqual(['createVoiceSeparateJob', 'createNoiseReductionJob'])
  })

  it.each(creations)('of $id is the webhook, sent to CallBack', ({ document, operation }) => {
    const callbacks = objectOf(objectOf(operation['callbacks'])['jobFinished'])
    expect(Object.keys(callbacks)).toEqual(['{$request.body#/CallBack}'])
    const own = postOf(callbacks['{$request.body#/CallBack}'])
    expect(own).toEqual(postOf(objectOf(jobs['webhooks'])['jobFinished']))
    const [schemas, others] = [document, jobs].map((one) => objectOf(objectOf(one['components'])['schemas']))
    expect(objectOf(schemas)['JobCallback']).toEqual(objectOf(others)['JobCallback'])
  })
})

describe('an event of VOD', () => {
  const mfs = bodiesOf(huawei, 'mfsEvent')
  const smn = bodiesOf(huawei, 'smnMessage')

  it.each([...mfs, ...smn])('$name is valid by its schema', (body) => {
    expect(isValid(huawei, body)).toBe(true)
  })

  it.each(mfs)('$name through MFS is read', ({ name, value }) => {
    const { message } = objectOf(value)
    const text = typeof message === 'string' ? message : JSON.stringify(value)
    expect(eventIn(text)).toEqual({ event: JSON.parse(text) as unknown })
    expect(eventIn(text).event?.event_type).toBe(name === 'other' ? 'createComplete' : 'audioExtractComplete')
  })

  it('through SMN is read if it is a notification', () => {
    const types = smn.map(({ value }) => textOf(objectOf(value)['type']))
    expect(types).toEqual(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'])
    const messages = smn.map(({ value }) => textOf(objectOf(value)['message']))
    expect(messages.map((message) => eventIn(message).event?.event_type)).toEqual([
      'audioExtractComplete',
      undefined,
      undefined,
    ])
  })

  it('has a required property for each one that is signed, except the subject', () => {
    const schemas = objectOf(objectOf(huawei['components'])['schemas'])
    for (const name of ['SmnNotification', 'SmnSubscriptionConfirmation', 'SmnUnsubscribeConfirmation']) {
      const { required, 'x-signed-properties': signed } = objectOf(schemas[name])
      expect(listOf(signed).filter((property) => !listOf(required).includes(property))).toEqual(
        name === 'SmnNotification' ? ['subject'] : [],
      )
    }
  })
})

it('says what is not documented', () => {
  const webhooks = [jobs, huawei].flatMap(({ webhooks: named }) => Object.values(objectOf(named)).map(postOf))
  const descriptions = webhooks.map(({ description }) => textOf(description))
  expect(descriptions).toHaveLength(3)
  const unknown = descriptions.filter((text) => /sends (a callback|an event) again are not documented/.test(text))
  expect(unknown).toHaveLength(2)
})
