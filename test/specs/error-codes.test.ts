import { expect, it } from 'vitest'
import { listOf, objectOf } from './bundled.js'
import { specOperations } from './operations.js'

it.each(specOperations)('$id documents a response for each status of a known code', ({ document, operation }) => {
  const statuses = Object.values(objectOf(document['x-error-codes'])).flatMap((code) =>
    listOf(objectOf(code)['status']),
  )
  const documented = Object.keys(objectOf(operation['responses']))
  expect([...new Set(statuses.map(String))].filter((status) => !documented.includes(status))).toEqual([])
})
