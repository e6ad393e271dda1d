import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const PROJECT = path.resolve(import.meta.dirname, '..')

it('package.json pins each dependency to one version', () => {
  // The boundary to a JSON file.
  const manifest = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as Readonly<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
  >
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
  expect(versions.length).toBeGreaterThan(20)
  expect(versions.filter(([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

// Upstream has deprecated openapi-fetch, and rarely changes openapi-typescript. CONTRIBUTING says how to leave each.
describe.each([
  { name: 'openapi-fetch', place: /^src\/client\/raw(?:-client)?\.ts$/ },
  { name: 'openapi-typescript', place: /^scripts\/generate\/write\/openapi-typescript\.ts$/ },
])('$name', ({ name, place }) => {
  it('is imported in one place only', () => {
    const importers = ['src', 'scripts', 'generated'].flatMap((folder) => importersIn(folder, name))
    expect(importers.length).toBeGreaterThan(0)
    expect(importers.filter((file) => !place.test(file))).toEqual([])
  })
})

/** The files in a folder that import a package, at once or later, for its types or for its values. */
function importersIn(folder: string, name: string): string[] {
  const files = readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.m?ts$|\.mjs$/.test(file))
    .map((file) => path.posix.join(folder, file))
    .filter((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(path.join(PROJECT, file), 'utf8'))
      return importedFiles.some(({ fileName }) => fileName === name || fileName.startsWith(`${name}/`))
    })
}
