import { afterAll, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'

const consumer = await Consumer.create('module')
afterAll(() => consumer.remove())

// Here Node would load the ES modules for require as well, so the files of CommonJS are named.
const SETUP = `
  import { createRequire } from 'node:module'
  import * as root from 'cloud-media-clients'
  import * as callbacks from 'cloud-media-clients/callbacks'
  const require = createRequire(import.meta.url)
  const folder = './node_modules/cloud-media-clients/dist/'
  const esm = { ...root, ...callbacks }
  const cjs = { ...require(folder + 'index.cjs'), ...require(folder + 'callbacks.cjs') }
  const names = Object.keys(esm).filter((name) => esm[name].prototype instanceof Error)
  // Without its constructor, which takes something else for each class.
  const errorOf = (type) => Object.setPrototypeOf(new Error('example'), type.prototype)
  const formats = [[esm, cjs], [cjs, esm], [esm, esm], [cjs, cjs]]
  const print = (value) => console.log(JSON.stringify(value))
`

it('every error class of one format passes the instanceof of the other, and no other class does', async () => {
  const code = `${SETUP}
    const wrong = formats.flatMap(([one, other]) =>
      names.flatMap((a) =>
        names
          .filter((b) => errorOf(one[a]) instanceof other[b] !== (a === b || b === 'CloudMediaError'))
          .map((b) => a + ' instanceof ' + b)))
    print({ names: names.length, isTwice: esm.ApiError !== cjs.ApiError, wrong })`
  const { names, isTwice, wrong } = JSON.parse(await consumer.node('every.mjs', code)) as Record<string, unknown>
  expect(names).toBeGreaterThanOrEqual(18)
  expect(isTwice).toBe(true)
  expect(wrong).toEqual([])
})

it('a class that a caller derives has the instances of its own, of either format', async () => {
  const code = `${SETUP}
    print(formats.map(([one, other]) => {
      // With the name of a class of the package.
      class TimeoutError extends one.ApiError {}
      const error = errorOf(TimeoutError)
      return [
        error instanceof TimeoutError,
        error instanceof other.ApiError,
        error instanceof other.CloudMediaError,
        error instanceof other.TimeoutError,
        errorOf(other.ApiError) instanceof TimeoutError,
        errorOf(one.ApiError) instanceof TimeoutError,
      ]
    }))`
  const derived = [true, true, true, false, false, false]
  expect(JSON.parse(await consumer.node('derived.mjs', code))).toEqual([derived, derived, derived, derived])
})

it('nothing else passes, nor does a value whose properties throw', async () => {
  const code = `${SETUP}
    class ApiError extends Error { name = 'ApiError' }
    const thrower = () => { throw new Error('hostile') }
    const others = [
      undefined, null, 'ApiError', 1, Symbol('ApiError'), {}, [], () => {}, Object.create(null), new Error('ApiError'),
      new ApiError(), { name: 'ApiError', message: '', mayHaveRun: true }, { constructor: esm.ApiError },
      JSON.parse(JSON.stringify(errorOf(esm.ApiError))), esm.ApiError, esm.ApiError.prototype.constructor,
      Object.defineProperty({}, 'constructor', { get: thrower }),
      new Proxy({}, { getPrototypeOf: thrower, get: thrower, has: thrower }),
    ]
    const passing = others.flatMap((value, index) =>
      names.filter((name) => value instanceof esm[name] || value instanceof cjs[name]).map((name) => index + ' ' + name))
    const proxy = new Proxy(errorOf(cjs.ApiError), {})
    print({ passing, proxy: proxy instanceof esm.ApiError })`
  expect(JSON.parse(await consumer.node('others.mjs', code))).toEqual({ passing: [], proxy: true })
})
