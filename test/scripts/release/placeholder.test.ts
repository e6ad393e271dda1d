import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const PROJECT = path.resolve(import.meta.dirname, '../../..')
const OTHERS = ['node_modules', 'dist', 'docs-site', 'coverage', '.git']
const OWNER = /github\.com\/([\w.-]+)\/cloud-media-clients\b|\b([\w-]+)\.github\.io\/cloud-media-clients\b/g

it('package.json and the README alone have addresses of the repository, with one owner', () => {
  const found = filesIn('.').map((file) => {
    const text = readFileSync(path.join(PROJECT, file), 'utf8')
    return { file, owners: Array.from(text.matchAll(OWNER), ([, ofRepository, ofSite]) => ofRepository ?? ofSite) }
  })
  const places = found.filter(({ owners }) => owners.length > 0)
  expect(places.map(({ file }) => file).sort()).toEqual(['README.md', 'package.json'])
  expect(new Set(places.flatMap(({ owners }) => owners)).size).toBe(1)
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
