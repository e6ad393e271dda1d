import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SDKS } from '../../scripts/provider-sdks/install.js'
import { documents } from '../support/documents.js'

const moving = documents().filter(({ name }) => name.startsWith('moving-'))

it('there are guides to move from both SDKs', () => {
  expect(moving).toHaveLength(2)
})

it.each(SDKS)('one of them names $name $version', ({ name, version }) => {
  expect(moving.filter(({ text }) => text.includes(name) && text.includes(version))).toHaveLength(1)
})

describe.each(moving)('the known issues in $name', ({ text }) => {
  const [, section = ''] = /^## Known issues[^]*?\n\| -.*\n([^]*?)\n\n/m.exec(text) ?? []
  const rows = section.split('\n')

  it('each name a test in a comment', () => {
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter((row) => !row.includes('<!-- test/'))).toEqual([])
  })

  it.each(Array.from(section.matchAll(/<!-- (\S+): (.+?) -->/g), ([, file = '', title = '']) => ({ file, title })))(
    'have the test: $file, $title',
    ({ file, title }) => {
      expect(existsSync(file)).toBe(true)
      expect(readFileSync(file, 'utf8')).toContain(title)
    },
  )
})
