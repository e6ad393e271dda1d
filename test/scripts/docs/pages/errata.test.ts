import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readErrata } from '../../../../scripts/generate/read/errata.js'
import { pageAt } from './spec-pages.js'

const source = readFileSync('specs/ERRATA.md', 'utf8')

describe('the page on errata', () => {
  it('has each erratum under its ID, in the order of the file', () => {
    const ids = [...pageAt('errata/index').markdown.matchAll(/^<a id="erratum-(\d+)"><\/a>\n\n### (\d+)\. /gm)]
    expect(ids.map(([, id]) => Number(id))).toEqual([...readErrata(source).keys()])
    for (const [, id, number] of ids) expect(id).toBe(number)
  })

  it('has their complete text', () => {
    const { markdown } = pageAt('errata/index')
    for (const text of readErrata(source).values()) {
      const [title = '', ...rest] = text.split('\n\n')
      expect(markdown).toContain(title)
      for (const paragraph of rest) expect(markdown).toContain(paragraph)
    }
  })

  it('has no second title', () => {
    expect(pageAt('errata/index').markdown).not.toMatch(/^# /m)
  })
})
