import { expect, it } from 'vitest'
import { waitForAll } from '../../scripts/wait-for-all.js'

it('a failure is reported once the others have ended', async () => {
  let hasEnded = false
  const slow = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => {
    hasEnded = true
  })
  await expect(waitForAll([Promise.reject(new Error('first')), slow])).rejects.toThrow('first')
  expect(hasEnded).toBe(true)
})

it('results come in the order of the promises', async () => {
  expect(await waitForAll([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2])
})
