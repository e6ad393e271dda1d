import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { objectOf, readBundled, type Json } from './bundled.js'
import { redoclyDocuments } from './operations.js'

const documents = redoclyDocuments().map(({ name }) => ({ name, document: readBundled(name) }))
const numbers = Array.from(readFileSync('specs/ERRATA.md', 'utf8').matchAll(/^### (\d+)\. /gm), ([, number]) =>
  Number(number),
)

it('every erratum has a number of its own, and is cited', () => {
  const cited = documents.flatMap(({ document }) => citedIn(document))
  expect(numbers.length).toBeGreaterThan(97)
  expect([...new Set(numbers)]).toEqual(numbers)
  expect([...numbers].sort(byNumber)).toEqual([...new Set(cited)].sort(byNumber))
})

it.each(documents)('$name has the text of each erratum that it cites', ({ document }) => {
  const texts = objectOf(document['x-errata-texts'])
  const cited = [...new Set(citedIn(document))].sort(byNumber)
  expect(Object.keys(texts).map(Number)).toEqual(cited)
  for (const text of Object.values(texts)) expect(text).toMatch(/^\S.*\n\n[^]+\*\*Decision:\*\* \S/)
})

function citedIn(value: Json | undefined): number[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]: [string, Json | undefined]) =>
    name === 'x-errata' && Array.isArray(child) ? child.map(Number) : citedIn(child),
  )
}

function byNumber(a: number, b: number): number {
  return a - b
}
