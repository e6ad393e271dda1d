import { describe, expect, it } from 'vitest'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'

const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}

function answering(status: number, body: string): (request: Request) => Promise<Response> {
  return () => Promise.resolve(new Response(body, { status }))
}

describe('an error says why the response is unexpected', () => {
  it.each([
    [202, '', 'the response is empty'],
    [202, '{', 'the response is not JSON'],
    [202, '[]', 'the response is not a JSON object'],
    [202, '{}', 'the response lacks a required field'],
    [502, '{}', 'the response is not an error response of the provider'],
  ])('VOD: %i %s', async (status, body, reason) => {
    const client = huaweiClient({ fetch: answering(status, body) })
    const error = await rejection(client.createExtractAudioTask({ asset_id: 'a' }))
    expect(error).toMatchObject({ message: `createExtractAudioTask: ${reason} (status ${String(status)})` })
  })

  it.each([
    [200, '', 'the response is empty'],
    [200, 'x', 'the XML has text outside its root element'],
    [200, '<Other/>', 'the XML root is not Response or Error'],
    [200, '<Response/>', 'the response lacks a required field'],
    [500, '<Response/>', 'the response is not an error response of the provider'],
  ])('CI: %i %s', async (status, body, reason) => {
    const client = tencentClient({ fetch: answering(status, body) })
    const error = await rejection(client.createNoiseReductionJob(NOISE))
    expect(error).toMatchObject({ message: `createNoiseReductionJob: ${reason} (status ${String(status)})` })
  })
})

describe('an incomplete error response is completed', () => {
  it('without a message, by the meaning of its code, or a note that there is none', async () => {
    const known = tencentClient({ fetch: answering(403, '<Error><Code>QueueSaturated</Code></Error>') })
    expect(String(await rejection(known.createNoiseReductionJob(NOISE)))).toMatch(
      /QueueSaturated: .*queue.* \(status 403\)/,
    )
    const unknown = tencentClient({ fetch: answering(403, '<Error><Code>New</Code></Error>') })
    expect(String(await rejection(unknown.createNoiseReductionJob(NOISE)))).toContain(
      'New: the provider sent no message',
    )
  })

  it('of missing permission, with every action that the operation requires', async () => {
    const client = tencentClient({ fetch: answering(403, '<Error><Code>AccessDenied</Code></Error>') })
    expect(await rejection(client.createNoiseReductionJob(NOISE))).toMatchObject({
      hint: expect.stringMatching(/Required for createNoiseReductionJob: ci:CreateAsrJobs, cam:PassRole\.$/) as unknown,
    })
  })
})
