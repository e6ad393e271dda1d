import { describe, expect, it } from 'vitest'
import { useAnswers, type SentRequest } from '../support/answering.js'
import { objectOf, textOf } from './bundled.js'
import { callOperation } from './documented-calls.js'
import { documentedBodies, specOperations, type DocumentedBody, type SpecOperation } from './operations.js'

const server = useAnswers()

const requests = specOperations.flatMap((operation) =>
  documentedBodies(operation.document, operation.operation['requestBody']).map((body) => ({ ...operation, body })),
)

describe('a documented request', () => {
  it.each(requests.map((row) => ({ ...row, example: row.body.name })))(
    'of $id ($example) is sent byte for byte, except for white space',
    async ({ body, ...operation }) => {
      const sent = respondWithSuccess(operation)
      await callOperation(operation, body)
      expect(sent.map((request) => request.body)).toEqual([withoutWhiteSpace(body)])
    },
  )
})

describe('the first documented request', () => {
  const first = requests.filter((row, index) => requests.findIndex(({ id }) => id === row.id) === index)

  it.each(first)('of $id is accepted', async ({ body, ...operation }) => {
    const sent = respondWithSuccess(operation)
    await callOperation(operation, body, {})
    expect(sent).toHaveLength(1)
  })
})

/** The first documented result. */
function respondWithSuccess({ document, operation }: SpecOperation): SentRequest[] {
  const [status = '', response] = Object.entries(objectOf(operation['responses'])).find(([key]) => key < '300') ?? []
  const [body] = documentedBodies(document, response)
  const value = body?.value ?? ''
  return server.answer({
    status: Number(status),
    contentType: body?.contentType ?? '',
    body: typeof value === 'string' ? value : JSON.stringify(value),
  })
}

/** The examples are indented for readers. */
function withoutWhiteSpace({ contentType, value }: DocumentedBody): string {
  if (contentType !== 'application/xml') return JSON.stringify(value)
  return textOf(value).replaceAll(/>\s+</g, '><').trim()
}
