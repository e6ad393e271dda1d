import { expect, it } from 'vitest'
import { lazily } from '../../src/client/lazily.js'
import { CloudMediaError } from '../../src/errors/errors.js'
import { rejection } from '../support/clients.js'

it('loads a part at the first use, once for all', async () => {
  let loads = 0
  const part = lazily(() => Promise.resolve({ number: ++loads }))
  expect(loads).toBe(0)
  const [one, other] = await Promise.all([part(), part()])
  expect([one, other, await part()]).toEqual([{ number: 1 }, { number: 1 }, { number: 1 }])
})

it('rejects if the part cannot be loaded, and retries at the next use', async () => {
  const failure = new TypeError('Failed to fetch dynamically imported module')
  let isOnline = false
  const part = lazily(() => (isOnline ? Promise.resolve('part') : Promise.reject(failure)))
  const error = await rejection(part())
  expect(error).toBeInstanceOf(CloudMediaError)
  expect(error).toMatchObject({ attempts: 0, mayHaveRun: false, cause: failure })
  isOnline = true
  expect(await part()).toBe('part')
})
