import { describe, expect, it } from 'vitest'
import {
  ApiError,
  ConfigurationError,
  createTencentCiClient,
  RequestValidationError,
  UnexpectedResponseError,
} from '../../src/index.js'
import { useAnswers } from '../support/answering.js'
import { rejection, tencentClient } from '../support/clients.js'

const server = useAnswers()
const ACCEPTED = {
  status: 200,
  contentType: 'application/xml',
  body: '<Response><JobsDetail><JobId>j1</JobId><State>Submitted</State></JobsDetail></Response>',
  headers: { 'x-ci-request-id': 'ci-1' },
}
const Output = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
const REQUEST = { Input: { Object: 'in.mp3' }, Operation: { Output } }

describe('the client puts the published signatures on the wire', () => {
  it.each([
    [undefined, 'content-type;host', '42ed49a0b3dc208d2507d289abcdb4f49806b2a3'],
    ['STSTOKEN', 'content-type;host;x-ci-security-token', '1a2a66c6b5cf61e331402900341567c3e03fd258'],
  ])('with session token %s', async (sessionToken, headerList, signature) => {
    const sent = server.answer(ACCEPTED)
    const key = { secretId: 'TESTID', secretKey: 'TESTKEY' }
    const client = tencentClient({ credentials: sessionToken === undefined ? key : { ...key, sessionToken } })
    await client.createNoiseReductionJob(REQUEST)
    await client.createVoiceSeparateJob({ ...REQUEST, QueueId: 'p1' })
    await client.raw.noiseReduction.POST('/jobs', { body: { Tag: 'NoiseReduction', ...REQUEST } })
    expect(sent.map(({ url }) => url)).toEqual(
      Array(3).fill('https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'),
    )
    for (const { headers } of sent) {
      expect(headers.get('x-ci-security-token')).toBe(sessionToken ?? null)
      expect(headers.get('authorization')).toBe(
        'q-sign-algorithm=sha1&q-ak=TESTID&q-sign-time=1767225600;1767226500&q-key-time=1767225600;1767226500' +
          `&q-header-list=${headerList}&q-url-param-list=&q-signature=${signature}`,
      )
    }
  })
})

it('the method adds the Tag, writes in the order of the schema, and omits undefined fields', async () => {
  const sent = server.answer(ACCEPTED)
  const { Object: object, ...place } = Output
  await tencentClient().createVoiceSeparateJob({
    QueueId: 'p1',
    Operation: { Output: { Object: object, ...place } },
    Input: { Object: 'a<b&c\r.mp3' },
  })
  expect(sent[0]?.body).toBe(
    '<Request><Tag>VoiceSeparate</Tag><Input><Object>a&lt;b&amp;c&#13;.mp3</Object></Input>' +
      '<Operation><Output><Region>ap-beijing</Region><Bucket>abc-1250000000</Bucket><Object>out.mp3</Object></Output>' +
      '</Operation><QueueId>p1</QueueId></Request>',
  )
})

describe('region and bucket of the output', () => {
  const client = { region: 'ap-beijing', bucket: 'own-1250000000' }
  const job = (output: object) => ({ Input: { Object: 'in.mp3' }, Operation: { Output: { Object: 'o', ...output } } })

  it.each([
    ['are those of the client', {}, '<Region>ap-beijing</Region><Bucket>own-1250000000</Bucket>'],
    ['are the given ones', Output, '<Region>ap-beijing</Region><Bucket>abc-1250000000</Bucket>'],
    ['may be given one by one', { Region: 'r' }, '<Region>r</Region><Bucket>own-1250000000</Bucket>'],
  ])('%s', async (_, output, expected) => {
    const sent = server.answer(ACCEPTED)
    const request = job(output)
    await tencentClient(client).createNoiseReductionJob(request)
    await tencentClient(client).createVoiceSeparateJob({ ...request, QueueId: 'p1' })
    for (const { body } of sent) expect(body).toContain(expected)
    expect(sent).toHaveLength(2)
    // The caller's request stays as it was.
    expect(request).toEqual(job(output))
  })

  it('are required if the client has neither', async () => {
    const sent = server.answer(ACCEPTED)
    const ci = createTencentCiClient({
      endpoint: 'https://ci.example.com',
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
    })
    expect(await rejection(ci.createNoiseReductionJob(job({})))).toMatchObject({
      issues: ['Region', 'Bucket'].map((name) => ({ path: `Operation.Output.${name}`, message: 'is required' })),
    })
    expect(sent).toEqual([])
  })
})

it('a response is unwrapped to its one job, with unknown fields', async () => {
  server.answer(ACCEPTED)
  const { data, requestId, response } = await tencentClient().createNoiseReductionJob(REQUEST).withResponse()
  expect([data, requestId, response.status]).toEqual([{ JobId: 'j1', State: 'Submitted' }, 'ci-1', 200])
})

describe('the raw clients', () => {
  it('decode success and error bodies', async () => {
    server.answer({ ...ACCEPTED, headers: { ...ACCEPTED.headers, 'content-length': String(ACCEPTED.body.length) } })
    const body = { Tag: 'NoiseReduction', ...REQUEST } as const
    const accepted = await tencentClient().raw.noiseReduction.POST('/jobs', { body })
    // The length of the XML would be wrong for the JSON that is handed on.
    expect(accepted.response.headers.has('content-length')).toBe(false)
    expect(accepted.data?.JobsDetail[0]?.JobId).toBe('j1')
    server.answer({ ...ACCEPTED, status: 403, body: '<Error><Code>QueueSaturated</Code></Error>' })
    const refused = await tencentClient().raw.noiseReduction.POST('/jobs', { body })
    expect([refused.data, refused.error]).toEqual([undefined, { Code: 'QueueSaturated' }])
  })

  it('leave an error body that is not XML as text, and reject such a success', async () => {
    const body = { Tag: 'VoiceSeparate', ...REQUEST, QueueId: 'p1' } as const
    server.answer({ status: 502, contentType: 'text/html', body: '<html>bad gateway' })
    const { error } = await tencentClient().raw.voiceSeparate.POST('/jobs', { body })
    expect(error).toBe('<html>bad gateway')
    server.answer({ ...ACCEPTED, body: '<Response><JobsDetail>' })
    const broken = tencentClient().raw.voiceSeparate.POST('/jobs', { body })
    expect(await rejection(broken)).toBeInstanceOf(UnexpectedResponseError)
  })
})

describe('an error response', () => {
  it.each([
    ['of CI', 401, '<Error><Code>SecretidNotExist</Code><Message>no such id</Message></Error>', false],
    ['of COS', 403, '<Error><Code>SignatureDoesNotMatch</Code><Resource>/jobs</Resource></Error>', false],
    ['under a 200', 200, '<Error><Code>InvalidArgument</Code><Message>bad</Message></Error>', false],
    ['of the server itself', 500, '<Error><Code>InternalError</Code></Error>', true],
    ['with an unknown code', 400, '<Error><Code>BrandNew</Code></Error>', true],
    ['without a code', 400, '<Error><Message>odd</Message></Error>', true],
  ])('%s becomes an ApiError that says whether the job may exist', async (_, status, body, mayHaveRun) => {
    server.answer({ ...ACCEPTED, status, body, headers: { 'x-ci-request-id': 'r', 'x-ci-trace-id': 't' } })
    const error = await rejection(tencentClient().createNoiseReductionJob(REQUEST))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ name: 'ApiError', status, mayHaveRun, requestId: 'r', traceId: 't', attempts: 1 })
    expect(error).toMatchObject({ code: /<Code>(.*)<\/Code>/.exec(body)?.[1] })
  })

  it('of missing permission names the action, which differs between the jobs', async () => {
    server.answer({ ...ACCEPTED, status: 401, body: '<Error><Code>AccessDenied</Code></Error>' })
    const noise = await rejection(tencentClient().createNoiseReductionJob(REQUEST))
    const voice = await rejection(tencentClient().createVoiceSeparateJob({ ...REQUEST, QueueId: 'p1' }))
    expect(noise).toMatchObject({ hint: expect.stringContaining('ci:CreateAsrJobs') as unknown })
    expect(voice).toMatchObject({ hint: expect.stringContaining('ci:CreateMediaJobs') as unknown })
  })
})

describe('a response that is not a result', () => {
  it.each([
    [
      'two jobs',
      '<Response><JobsDetail><JobId>j1</JobId></JobsDetail><JobsDetail><JobId>j2</JobId></JobsDetail></Response>',
      ['j1', 'j2'],
    ],
    ['no job', '<Response></Response>', []],
    ['a job without an id', '<Response><JobsDetail><State>Submitted</State></JobsDetail></Response>', []],
    ['a cut body', '<Response><JobsDetail><JobId>j1</JobId><Sta', ['j1']],
    ['a page', '<!DOCTYPE html><html><body>Sorry</body></html>', []],
    ['nothing', '', []],
  ])('%s: the error has the IDs that could be read', async (_, body, ids) => {
    server.answer({ ...ACCEPTED, body })
    const error = await rejection(tencentClient().createNoiseReductionJob(REQUEST))
    expect(error).toBeInstanceOf(UnexpectedResponseError)
    expect(error).toMatchObject({ status: 200, requestId: 'ci-1', ids, mayHaveRun: true })
  })

  it('but new states and fields are a result', async () => {
    server.answer({
      ...ACCEPTED,
      body: '<Response><JobsDetail><JobId>j1</JobId><State>Dreaming</State><New><A>1</A><A>2</A></New></JobsDetail><More/></Response>',
    })
    const job = await tencentClient().createNoiseReductionJob(REQUEST)
    expect(job).toEqual({ JobId: 'j1', State: 'Dreaming', New: { A: ['1', '2'] } })
  })
})

describe('a request', () => {
  it('that breaks the spec is refused with all that is wrong with it', async () => {
    const sent = server.answer(ACCEPTED)
    const request: unknown = {
      Tag: 'VoiceSeperate',
      Input: {},
      Operation: { Output: { Region: 1, Bucket: 'b', Object: 'o' }, JobLevel: '3', UserData: 'ü' },
      CallBackType: 'TDMQ',
      Colour: 'red',
      Callback: 'http://127.0.0.1',
    }
    // What a JavaScript user could pass.
    const error = await rejection(tencentClient().createNoiseReductionJob(request as typeof REQUEST))
    expect(error).toBeInstanceOf(RequestValidationError)
    const { issues } = error as RequestValidationError
    expect(issues.map(({ path, message }) => `${path} ${message}`).sort()).toEqual([
      ' CallBackMqConfig is required and must not be empty when CallBackType is TDMQ.',
      'Callback is not a known field; did you mean CallBack?',
      'Colour is not a known field; known are Tag, Input, Operation, QueueId, CallBack, CallBackFormat, CallBackType, CallBackMqConfig',
      'Input.Object is required',
      'Operation.JobLevel must be one of "0", "1", "2", not another string',
      'Operation.Output.Region must be a string, not a number',
      'Operation.UserData must be printable ASCII, which is the characters from space to tilde',
      'Tag must be "NoiseReduction", not another string',
    ])
    expect(sent).toEqual([])
  })

  it('with fields that the spec does not have is sent without validation', async () => {
    const sent = server.answer(ACCEPTED)
    const Operation = { ...REQUEST.Operation, Mix: [{ Level: '1', Note: undefined }, 'a & b'] }
    await tencentClient().createNoiseReductionJob({ ...REQUEST, Operation, Colour: ['red'] } as typeof REQUEST, {
      validate: false,
    })
    expect(sent[0]?.body).toContain(
      '</Output><Mix><Level>1</Level></Mix><Mix>a &amp; b</Mix></Operation><Colour>red</Colour></Request>',
    )
  })

  it('that XML cannot carry is rejected even without validation', async () => {
    const unknown = { ...REQUEST, 'Colour>': 'red' }
    const error = await rejection(tencentClient().createNoiseReductionJob(unknown, { validate: false }))
    expect(error).toMatchObject({ name: 'RequestValidationError', issues: [{ path: 'Colour>' }] })
    const control = { ...REQUEST, Input: { Object: 'bell\u0007' } }
    const other = await rejection(tencentClient().createNoiseReductionJob(control))
    expect(other).toMatchObject({ name: 'RequestValidationError', issues: [{ path: 'Input.Object' }] })
  })
})

describe('a wrong option of a call is rejected before anything is sent, by name', () => {
  it.each([
    ['timeoutMs', { timeoutMs: -1 }],
    ['signal', { signal: new AbortController() }],
  ])('%s', async (option, options: object) => {
    const sent = server.answer(ACCEPTED)
    const error = await rejection(tencentClient().createNoiseReductionJob(REQUEST, options))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option })
    expect(sent).toEqual([])
  })
})

describe('a wrong option is refused when the client is made, by name', () => {
  it.each([
    ['bucket', { bucket: 'examplebucket' }],
    ['bucket', { bucket: 'Example-1250000000' }],
    ['region', { region: 'ap/beijing' }],
    ['credentials', { credentials: { secretId: '', secretKey: 'TESTKEY' } }],
  ])('%s: %o', (option, options) => {
    expect(() => tencentClient(options)).toThrow(ConfigurationError)
    expect(() => tencentClient(options)).toThrow(expect.objectContaining({ option }))
  })
})
