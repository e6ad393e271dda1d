import { readFileSync } from 'node:fs'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { jobFinished } from '../../generated/tencent-ci/webhooks.js'
import type { CallBackFormat, Job } from '../../src/tencent-ci/index.js'
import { jobCallback } from '../../src/testing/index.js'
import { decodeXml } from '../../src/xml/decode.js'
import { keptXsd } from '../support/xsd.js'
import { emulated, NOISE, VOICE } from './emulated.js'

const EXAMPLES = 'specs/tencent-ci/examples/callback-'

describe('jobCallback writes the examples of the provider', () => {
  it.each(['noise-reduction', 'voice-separate', 'voice-separate-workflow'])('as XML: %s', (name) => {
    const expected = jobsIn(read(`${name}.xml`))
    const { headers, body } = jobCallback(expected)
    expect(headers).toEqual({ 'content-type': 'application/xml' })
    expect(body).toMatch(/^<Response><EventName>TaskFinish<\/EventName><JobsDetail>/)
    expect(jobsIn(body)).toEqual(expected)
  })

  it.each(['noise-reduction', 'voice-separate-workflow'])('as JSON: %s', (name) => {
    const expected = JSON.parse(read(`${name}.json`)) as { JobsDetail: Job }
    const { headers, body } = jobCallback(expected.JobsDetail, { format: 'JSON' })
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(JSON.parse(body)).toEqual(expected)
  })
})

describe('jobCallback', () => {
  it.each<CallBackFormat>(['XML', 'JSON'])(
    'writes several jobs as a list in %s, also noise reductions',
    async (format) => {
      const jobs = await finishedJobs()
      for (const list of [jobs, jobs.filter(({ Tag }) => Tag === 'NoiseReduction')]) {
        expect(list.length).toBeGreaterThan(1)
        const { body } = jobCallback(list, { format })
        expect(format === 'XML' ? jobsIn(body) : (JSON.parse(body) as { JobsDetail: unknown }).JobsDetail).toEqual(list)
      }
    },
  )

  it('writes XML by the XSD', async () => {
    for (const job of await finishedJobs()) validate(jobCallback(job).body)
  })

  it('rejects a format that CI does not have', () => {
    // What a JavaScript user could write.
    const format = 'json' as CallBackFormat
    expect(() => jobCallback({ JobId: 'j1' }, { format })).toThrow(
      new TypeError('jobCallback: format must be one of JSON, XML'),
    )
  })
})

async function finishedJobs(): Promise<Job[]> {
  const { emulator, tencent } = emulated()
  await tencent.createNoiseReductionJob(NOISE)
  await tencent.createVoiceSeparateJob(VOICE)
  await tencent.createNoiseReductionJob(NOISE)
  return emulator.jobs()
}

function jobsIn(body: string): Job[] {
  // The boundary to what was read by the table.
  return (decodeXml(body, [jobFinished.xml]).value as unknown as { JobsDetail: Job[] }).JobsDetail
}

function validate(body: string): void {
  const document = XmlDocument.fromString(body)
  try {
    keptXsd('job-callback.xsd').validate(document)
  } finally {
    document.dispose()
  }
}

function read(name: string): string {
  return readFileSync(`${EXAMPLES}${name}`, 'utf8')
}
