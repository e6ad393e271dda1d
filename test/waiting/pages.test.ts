import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors/errors.js'
import { eachItem, type EachOptions, type Page } from '../../src/waiting/pages.js'
import { rejection } from '../support/clients.js'

type Reading = [cursor: string | undefined, size: number, signal: AbortSignal | undefined]

/** What an iteration over these pages has given, and what it has read. */
async function iterate(
  pageAfter: (cursor: string | undefined, number: number) => Page<string, string>,
  options?: EachOptions,
  most = Infinity,
): Promise<{ items: string[]; readings: Reading[] }> {
  const readings: Reading[] = []
  const items: string[] = []
  const pages = {
    read: (...reading: Reading) => {
      readings.push(reading)
      return Promise.resolve(pageAfter(reading[0], readings.length))
    },
    idOf: (item: string) => item,
  }
  for await (const item of eachItem(pages, options)) {
    items.push(item)
    if (items.length >= most) break
  }
  return { items, readings }
}

const three: Record<string, Page<string, string>> = {
  start: { items: ['a', 'b'], next: 'two' },
  two: { items: ['c', 'd'], next: 'three' },
  three: { items: ['e'], next: undefined },
}

function ofThree(cursor = 'start'): Page<string, string> {
  const page = three[cursor]
  if (page === undefined) throw new Error(`no page ${cursor}`)
  return page
}

describe('an iteration', () => {
  it('returns the items of all pages', async () => {
    const { items, readings } = await iterate(ofThree)
    expect(items).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(readings).toEqual([undefined, 'two', 'three'].map((cursor) => [cursor, 100, undefined]))
  })

  it.each([
    [1, ['a'], 1],
    [2, ['a', 'b'], 1],
    [3, ['a', 'b', 'c'], 2],
    [100, ['a', 'b', 'c', 'd', 'e'], 3],
  ])('ends at the limit of %i, and asks for no larger pages', async (limit, expected, count) => {
    const { items, readings } = await iterate(ofThree, { limit })
    expect(items).toEqual(expected)
    expect(readings).toHaveLength(count)
    expect(new Set(readings.map(([, size]) => size))).toEqual(new Set([limit]))
  })

  it('reads a page when its first item is requested', async () => {
    expect((await iterate(ofThree, {}, 2)).readings).toHaveLength(1)
  })

  it('passes the signal on', async () => {
    const { signal } = new AbortController()
    expect((await iterate(ofThree, { signal })).readings[2]).toEqual(['three', 100, signal])
  })

  it('rejects with the error of a page, after the items before it', async () => {
    const items: string[] = []
    const failed = new Error('failed')
    const pages = {
      read: (cursor: string | undefined) =>
        cursor === undefined ? Promise.resolve(ofThree()) : Promise.reject(failed),
      idOf: (item: string) => item,
    }
    const all = async (): Promise<void> => {
      for await (const item of eachItem(pages, undefined)) items.push(item)
    }
    expect(await rejection(all())).toBe(failed)
    expect(items).toEqual(['a', 'b'])
  })

  it.each<
    [what: string, pageAfter: (cursor: string | undefined, number: number) => Page<string, string>, reads: number]
  >([
    ['that names itself as the next', (_, number) => ({ items: [String(number)], next: 'same' }), 2],
    ['that names an earlier one', (_, number) => ({ items: [String(number)], next: String(number % 3) }), 4],
    ['that repeats the one before', (_, number) => ({ items: ['a', 'b'], next: String(number) }), 2],
  ])('ends at a page %s', async (_, pageAfter, reads) => {
    const { items, readings } = await iterate(pageAfter)
    expect(readings).toHaveLength(reads)
    expect(new Set(items).size).toBe(items.length)
  })

  it('skips empty pages, up to a limit', async () => {
    const filled = (_: string | undefined, number: number): Page<string, string> =>
      number < 50 ? { items: [], next: String(number) } : { items: ['a'], next: undefined }
    expect((await iterate(filled)).items).toEqual(['a'])
    // Counted anew after a page with items.
    const sparse = (_: string | undefined, number: number): Page<string, string> => ({
      items: number % 60 === 0 ? [String(number)] : [],
      next: number < 180 ? String(number) : undefined,
    })
    expect((await iterate(sparse)).items).toEqual(['60', '120', '180'])
    const empty = (_: string | undefined, number: number): Page<string, string> => ({ items: [], next: String(number) })
    expect((await iterate(empty)).readings).toHaveLength(100)
  })

  it.each<[option: string, options: unknown]>([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1.5 }],
    ['limit', { limit: NaN }],
    ['limit', { limit: '5' }],
    ['signal', { signal: {} }],
    ['limt', { limt: 5 }],
    ['options', 5],
  ])('rejects a wrong %s: %j', async (option, options) => {
    const error = await rejection(iterate(ofThree, options as EachOptions))
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option })
  })
})
