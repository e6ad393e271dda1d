import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CallbackError, parseJobCallback, type UnconfirmedJob } from '../../../src/callbacks.js'
import type { Job } from '../../../src/index.js'

function example(name: string): string {
  return readFileSync(`specs/tencent-ci/examples/callback-${name}`, 'utf8')
}

/** The one job of a callback. */
function jobIn(body: string): UnconfirmedJob {
  const [job, other] = parseJobCallback(body)
  if (job === undefined || other !== undefined) throw new Error('not one job')
  return job
}

describe('the documented callback', () => {
  it.each(['xml', 'json'])('of a noise reduction as %s is decoded completely', (format) => {
    expect(jobIn(example(`noise-reduction.${format}`))).toEqual({
      Code: 'Success',
      CreationTime: '2022-06-30T18:47:18+0800',
      EndTime: '2022-06-30T18:47:30+0800',
      Input: { BucketId: 'test-123456789', Object: 'input/demo.mp3', Region: 'ap-chongqing' },
      JobId: 'j035aca66f86211ec8a5a87e016101404',
      Message: 'SUCCESS',
      Operation: {
        Output: { Bucket: 'test-123456789', Object: 'output/nr.wav', Region: 'ap-chongqing' },
        UserData: 'This is my NoiseReduction job.',
      },
      QueueId: 'p2242ab62c7c94486915508540933a2c6',
      StartTime: '2022-06-30T18:47:20+0800',
      State: 'Success',
      Tag: 'NoiseReduction',
      confirmed: false,
    })
  })

  it.each(['voice-separate.xml', 'voice-separate-workflow.xml', 'voice-separate-workflow.json'])(
    '%s decodes',
    (name) => {
      const job = jobIn(example(name))
      expect(job).toMatchObject({ JobId: 'j40644e92f8e311ecb90d0b03267ce0e5', State: 'Success', Tag: 'VoiceSeparate' })
      expect(job).not.toHaveProperty('@unexpected')
      if (job.Tag !== 'VoiceSeparate') throw new Error('another tag')
      const { MediaInfo, MediaResult, Output } = job.Operation ?? {}
      expect(MediaInfo?.Stream?.Audio?.map(({ SampleRate }) => SampleRate)).toEqual(['44100', '44100'])
      expect(MediaInfo?.Format?.NumStream).toBe('1')
      expect(MediaResult?.OutputFile?.ObjectName).toEqual(['output/audio.mp3', 'output/backgroud.mp3'])
      expect(MediaResult?.OutputFile?.Md5Info?.map(({ ObjectName }) => ObjectName)).toEqual([
        'output/audio.mp3',
        'output/backgroud.mp3',
      ])
      expect(Output?.AuObject).toBe('output/audio.mp3')
      if (!name.includes('workflow')) return
      expect(job.Workflow).toEqual({
        Name: 'VoiceSeparate_1581665960537',
        RunId: 'ic90edd59f84f11ec9d4f525400a3c59f',
        WorkflowId: 'web6ac56c1ef54dbfa44d7f4103203be9',
        WorkflowName: 'workflow-test',
      })
      expect(job.Input?.CosHeaders?.map(({ Key }) => Key)).toEqual([
        'Content-Type',
        'x-cos-request-id',
        'EventName',
        'Size',
      ])
    },
  )

  it('of a workflow is the same in both formats, except for what JSON omits', () => {
    const xml = jobIn(example('voice-separate-workflow.xml'))
    const json = jobIn(example('voice-separate-workflow.json'))
    expect(xml).toMatchObject(json)
    expect(xml.Message).toBe('')
    expect(json.Message).toBeUndefined()
  })
})

describe('a callback', () => {
  it('may have several jobs, in either format', () => {
    const ids = (jobs: readonly Job[]): string[] => jobs.map(({ JobId }) => JobId)
    const xml =
      '<Response><JobsDetail><JobId>j1</JobId></JobsDetail><JobsDetail><JobId>j2</JobId></JobsDetail></Response>'
    expect(ids(parseJobCallback(xml))).toEqual(['j1', 'j2'])
    expect(ids(parseJobCallback('{"JobsDetail":[{"JobId":"j1"},{"JobId":"j2"}]}'))).toEqual(['j1', 'j2'])
  })

  it('may come as bytes, with headers, as a Request, after white space, and with a byte order mark', async () => {
    const text = '\n <Response><JobsDetail><JobId>j1</JobId></JobsDetail></Response>'
    const job = [{ JobId: 'j1', confirmed: false }]
    expect(parseJobCallback(Buffer.from(text))).toEqual(job)
    expect(parseJobCallback({ body: `\uFEFF${text}`, headers: { 'content-type': 'application/json' } })).toEqual(job)
    const request = new Request('https://example.com', { method: 'POST', body: text })
    expect(await parseJobCallback(request)).toEqual(job)
  })

  it('in JSON has the shape of XML: lists, text, and what contradicts', () => {
    const job = jobIn(
      JSON.stringify({
        EventName: 'TaskFinish',
        JobsDetail: {
          JobId: 'j1',
          Progress: 100,
          State: null,
          New: { Deep: [true, 'x'], Empty: [] },
          Input: 'text',
          Operation: { Output: { Object: ['a', 'b'] }, MediaInfo: { Stream: { Audio: { Index: 0 } } } },
        },
      }),
    )
    expect(job).toEqual({
      JobId: 'j1',
      Progress: '100',
      State: '',
      New: { Deep: ['true', 'x'] },
      '@unexpected': { Input: ['text'] },
      Operation: {
        Output: { Object: 'a', '@unexpected': { Object: ['b'] } },
        MediaInfo: { Stream: { Audio: [{ Index: '0' }] } },
      },
      confirmed: false,
    })
  })

  it('keeps unknown fields, and sets no prototype', () => {
    const job = jobIn('{"JobsDetail":{"JobId":"j1","__proto__":{"State":"Success"},"constructor":"x"}}')
    expect(job.State).toBeUndefined()
    expect(Object.keys(job)).toEqual(['JobId', '__proto__', 'constructor', 'confirmed'])
  })

  it('cannot confirm itself: its own field `confirmed` is overwritten', () => {
    expect(jobIn('{"JobsDetail":{"JobId":"j1","confirmed":"true"}}').confirmed).toBe(false)
  })
})

const JOB = '<JobsDetail><JobId>j1</JobId></JobsDetail>'

describe('a hostile body is rejected', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['text', 'ok'],
    ['a number', '1'],
    ['null', 'null'],
    ['a text in JSON', '"<Response/>"'],
    ['a list in JSON', '[{"JobsDetail":{"JobId":"j1"}}]'],
    ['an empty object', '{}'],
    ['half of a JSON body', '{"JobsDetail":{"JobId":"j1"'],
    ['two JSON bodies', '{"JobsDetail":{"JobId":"j1"}}{"JobsDetail":{"JobId":"j2"}}'],
    ['a list inside a list', '{"JobsDetail":[[{"JobId":"j1"}]]}'],
    ['a list inside a list of an unknown field', '{"JobsDetail":{"JobId":"j1","New":[[1]]}}'],
    ['more levels than any job has', `{"JobsDetail":{"JobId":"j1","a":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}}`],
    ['an empty list', '{"JobsDetail":[]}'],
    ['a job that is text', '{"JobsDetail":"j1"}'],
    ['a job that is null', '{"JobsDetail":null}'],
    ['a job without an ID', '{"JobsDetail":{"State":"Success"}}'],
    ['a blank ID', '{"JobsDetail":{"JobId":" "}}'],
    ['an ID that is an object', '{"JobsDetail":{"JobId":{"a":"b"}}}'],
    ['one good job and one without an ID', '{"JobsDetail":[{"JobId":"j1"},{}]}'],
    ['the root of XML inside JSON', '{"Response":{"JobsDetail":{"JobId":"j1"}}}'],
    ['deep JSON', `{"JobsDetail":{"JobId":"j1","a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`],
    ['deep lists in JSON', `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['another root', `<Error>${JOB}</Error>`],
    ['the event of a workflow', `<WorkflowExecution>${JOB}</WorkflowExecution>`],
    ['HTML', '<html><body>ok</body></html>'],
    ['an empty document', '<Response/>'],
    ['a document type', `<!DOCTYPE Response [<!ENTITY a "j1">]><Response>${JOB}</Response>`],
    ['an entity', '<Response><JobsDetail><JobId>&a;</JobId></JobsDetail></Response>'],
    ['an external entity', `<!DOCTYPE r SYSTEM "file:///etc/passwd"><Response>${JOB}</Response>`],
    ['half of an XML body', '<Response><JobsDetail><JobId>j1</JobId>'],
    ['two roots', `<Response>${JOB}</Response><Response>${JOB}</Response>`],
    ['deep XML', `<Response>${JOB}${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</Response>`],
    ['a forbidden character', '<Response><JobsDetail><JobId>j\u0000</JobId></JobsDetail></Response>'],
    ['an XML job without an ID', '<Response><JobsDetail><State>Success</State></JobsDetail></Response>'],
    ['an ID with children', '<Response><JobsDetail><JobId><a/></JobId></JobsDetail></Response>'],
    ['another encoding', `<?xml version="1.0" encoding="UTF-16"?><Response>${JOB}</Response>`],
  ])('%s', (_what, body) => {
    let error: unknown
    try {
      parseJobCallback(body)
    } catch (reason) {
      error = reason
    }
    expect(error).toMatchObject({ name: 'CallbackError', code: 'invalid-body', operation: 'parseJobCallback' })
    expect((error as CallbackError).message.length).toBeLessThan(600)
  })

  it.each([
    ['an object', { JobsDetail: { JobId: 'j1' } }, 'parsed-body'],
    ['bytes that are not UTF-8', Uint8Array.of(0x3c, 0xff), 'invalid-encoding'],
    ['more than 256 kB', `<Response>${JOB.repeat(7_000)}</Response>`, 'body-too-large'],
  ])('%s', (_what, body, code) => {
    expect(() => parseJobCallback(body as string)).toThrow(expect.objectContaining({ code }))
  })
})
