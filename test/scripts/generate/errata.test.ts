import { expect, it } from 'vitest'
import { readErrata } from '../../../scripts/generate/read/errata.js'

it('reads each erratum by its number, with its title', () => {
  const markdown =
    '# Errata\n\n## A page\n\n### 1. One\n\nText.\n**Decision:** so.\n\n## Another\n\n### 12. Two\n\nMore.\n'
  expect([...readErrata(markdown)]).toEqual([
    [1, 'One\n\nText.\n**Decision:** so.'],
    [12, 'Two\n\nMore.'],
  ])
})
