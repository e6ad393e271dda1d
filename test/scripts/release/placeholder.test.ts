import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const PROJECT = path.resolve(import.meta.dirname, '../../..')
const OTHERS = ['node_modules', 'dist', 'docs-site', 'coverage', '.git']
const REPOSITORY = /github\.com\/([\w.-]+\/cloud-media-clients)\b/g

it('package.json alone has the address of the repository, and one in all its fields', () => {
  const found = filesIn('.').map((file) => {
    const text = readFileSync(path.join(PROJECT, file), 'utf8')
    return [file, [...text.matchAll(REPOSITORY)].map(([, repository]) => repository)] as const
  })
  const places = found.filter(([, repositories]) => repositories.length > 0)
  expect(places.map(([file, repositories]) => [file, new Set(repositories).size])).toEqual([['package.json', 1]])
})

/** The files of the project, also those that are not committed yet. */
function filesIn(folder: string): string[] {
  return readdirSync(path.join(PROJECT, folder), { withFileTypes: true })
    .filter(({ name }) => !OTHERS.includes(name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      return entry.isDirectory() ? filesIn(file) : [file]
    })
}
