import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/testing/exchange.js'
import { createEmulator } from '../../src/testing/index.js'
import { violationsOf, type GivenAnswer } from './answer-check.js'
import { NEW_YEAR } from './clients.js'

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT'

const extracted: GivenAnswer = {
  provider: 'huawei-vod',
  operation: 'createExtractAudioTask',
  answer: {
    status: 202,
    headers: { 'content-type': 'application/json', 'X-Request-Id': 'r1', Date: DATE },
    body: '{"asset_id":"a1","audio_asset_id":"a2"}',
  },
}
const unpublished: GivenAnswer = {
  provider: 'huawei-vod',
  operation: 'unpublishAssets',
  answer: { ...extracted.answer, status: 200, body: '{"asset_info_array":[{"asset_id":"a1","status":"CREATED"}]}' },
}
const unrouted: GivenAnswer = {
  provider: 'huawei-vod',
  operation: undefined,
  answer: {
    ...extracted.answer,
    status: 404,
    body: '{"error_code":"APIGW.0101","error_msg":"There is no such API.","request_id":"r1"}',
  },
}
const cleaned: GivenAnswer = {
  provider: 'tencent-ci',
  operation: 'createNoiseReductionJob',
  answer: {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-ci-request-id': 'r1', Date: DATE },
    body: '<Response><JobsDetail><JobId>j1</JobId><State>Submitted</State></JobsDetail></Response>',
  },
}
const cancelled: GivenAnswer = {
  provider: 'tencent-ci',
  operation: 'cancelJob',
  answer: { status: 200, headers: { 'x-ci-request-id': 'r1', Date: DATE }, body: '' },
}
const read: GivenAnswer = {
  ...cleaned,
  operation: 'getJobs',
  answer: { ...cleaned.answer, body: '<Response><NonExistJobIds>j1</NonExistJobIds></Response>' },
}
const separated: GivenAnswer = { ...cleaned, operation: 'createVoiceSeparateJob' }
const unsigned: GivenAnswer = {
  ...cleaned,
  answer: {
    status: 401,
    headers: { ...cleaned.answer.headers, 'x-ci-trace-id': 't1' },
    body: '<Error><Code>MissingAuthorization</Code><Message>No key.</Message><RequestId>r1</RequestId><TraceId>t1</TraceId></Error>',
  },
}

describe('a response that conforms to the spec passes', () => {
  it.each([
    ['an extraction', extracted],
    ['an unpublication', unpublished],
    ['an error of no operation', unrouted],
    ['a noise reduction', cleaned],
    ['a voice separation', separated],
    ['a cancellation, which has no body', cancelled],
    ['a read of jobs', read],
    ['an error of a job', unsigned],
    ['an error of no job', { ...unsigned, operation: undefined }],
  ])('%s', (_, one) => {
    expect(violationsOf(one)).toEqual([])
  })
})

describe('a response with one error is reported', () => {
  it.each([
    ['a status of another operation', changed(extracted, { status: 200 }), 'status 200 is not documented'],
    ['a status of no operation', changed(cleaned, { status: 418 }), 'status 418 is not documented'],
    ['a documented status of other errors', changed(unsigned, { status: 404 }), 'MissingAuthorization with status 404'],
    ['a result where there is no operation', { ...extracted, operation: undefined }, 'the error has no code'],
    ['a result with the status of an error', changed(unpublished, { status: 403 }), 'the error has no code'],
    ['an unknown code', withBody(unrouted, 'APIGW.0101', 'APIGW.9999'), 'does not list APIGW.9999'],
    ['an operation that the provider has not', { ...extracted, operation: 'createNoise' }, 'no operation createNoise'],
    ['no request id', withHeader(extracted, 'X-Request-Id', ''), 'the header X-Request-Id is missing'],
    ['no request id in an error', withHeader(unsigned, 'x-ci-request-id', ''), 'the header x-ci-request-id is missing'],
    ['no trace id in an error', withHeader(unsigned, 'x-ci-trace-id', ''), 'the header x-ci-trace-id is missing'],
    ['another request id in JSON', withBody(unrouted, '"r1"', '"r2"'), 'is r1, but request_id is another'],
    ['another request id in XML', withBody(unsigned, '>r1<', '>r2<'), 'is r1, but RequestId is another'],
    ['another trace id', withBody(unsigned, '>t1<', '>t2<'), 'is t1, but TraceId is another'],
    ['JSON called a text', withHeader(extracted, 'content-type', 'text/plain'), 'content type is text/plain'],
    ['XML called JSON', withHeader(cleaned, 'content-type', 'application/json'), 'content type is application/json'],
    ['no date', withHeader(cleaned, 'Date', ''), 'the header Date is missing'],
    ['a date that is none', withHeader(extracted, 'Date', 'Invalid Date'), 'is no HTTP date: Invalid Date'],
    ['a date of another format', withHeader(extracted, 'Date', '2026-01-01T00:00:00Z'), 'is no HTTP date: 2026-01-01'],
    ['a required field misspelled', withBody(extracted, 'audio_asset_id', 'audio_asset'), 'required property'],
    ['an optional field misspelled', withBody(extracted, '"asset_id"', '"assetid"'), '"additionalProperty":"assetid"'],
    ['a field of another type', withBody(unpublished, '"CREATED"', '5'), 'must be string'],
    ['a list that is none', withBody(unpublished, /\[.*]/, '{}'), 'must be array'],
    ['a required element missing', withBody(cleaned, '<JobId>j1</JobId>', ''), 'by xsd/noise-reduction.xsd'],
    ['a required element missing, by OpenAPI', withBody(cleaned, '<JobId>j1</JobId>', ''), 'by OpenAPI: /JobsDetail/0'],
    ['an empty id, which the XSD allows', withBody(separated, 'j1', ''), 'must NOT have fewer than 1 characters'],
    ['an unknown element', withBody(separated, /State/g, 'Mood'), 'Mood'],
    ['an unknown element in an error', withBody(unsigned, /Message/g, 'Text'), 'by xsd/error.xsd'],
    ['two jobs', withBody(cleaned, /(<JobsDetail>.*<\/JobsDetail>)/, '$1$1'), 'must NOT have more than 1 items'],
    ['a Request for an answer', withBody(cleaned, /Response/g, 'Request'), 'the root is Request, not Response'],
    ['half of the JSON', withBody(extracted, /.{5}$/, ''), 'the body is no JSON'],
    ['half of the XML', withBody(cleaned, /.{5}$/, ''), 'the body is no XML'],
    ['a body where there is none', withBody(cancelled, /^/, '<Response/>'), 'the body is <Response/>, where'],
    ['a content type without a body', withHeader(cancelled, 'content-type', 'a/b'), 'content type is a/b, not'],
    ['an unknown element in a read', withBody(read, /NonExistJobIds/g, 'NonExistJobs'), 'NonExistJobs'],
    ['no body', withBody(unsigned, /.*/, ''), 'the body is no XML'],
  ])('%s', (_, one, complaint) => {
    expect(violationsOf(one).join('\n')).toContain(complaint)
  })
})

describe('a status that a fault names', () => {
  const ordered = withBody(changed(unrouted, { status: 418 }), 'APIGW.0101', 'TEAPOT')

  it('may be any, with any code', () => {
    expect(violationsOf({ ...ordered, statusIsOrdered: true })).toEqual([])
    expect(violationsOf(ordered)).not.toEqual([])
  })

  it('excuses nothing else', () => {
    const broken = withHeader(withBody(ordered, 'error_msg', 'message'), 'X-Request-Id', '')
    expect(violationsOf({ ...broken, statusIsOrdered: true })).toHaveLength(2)
  })
})

// Each would pass but for the check that runs after it.
describe('a test fails if a response of the emulator breaks the spec', () => {
  it.fails.each([
    ['Huawei', 'https://vod.cn-north-4.myhuaweicloud.com/v1.0/nowhere'],
    ['Tencent', 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/nowhere'],
  ])('%s', async (_, url) => {
    let time = NEW_YEAR
    const emulator = createEmulator({ now: () => time })
    time = NaN
    await emulator.fetch(url).catch(() => undefined)
  })
})

function changed(one: GivenAnswer, change: Partial<Answer>): GivenAnswer {
  return { ...one, answer: { ...one.answer, ...change } }
}

function withHeader(one: GivenAnswer, name: string, value: string): GivenAnswer {
  return changed(one, { headers: { ...one.answer.headers, [name]: value } })
}

function withBody(one: GivenAnswer, part: string | RegExp, other: string): GivenAnswer {
  return changed(one, { body: one.answer.body.replace(part, other) })
}
