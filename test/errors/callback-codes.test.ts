import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
const FILE = 'src/errors/callback-error.ts'

/** The text of all TypeScript files below a folder, but one. */
function textOf(folder: string, without: string): string {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && path.join(folder, name) !== without)
    .map((name) => readFileSync(path.join(ROOT, folder, name), 'utf8'))
    .join('\n')
}

const source = readFileSync(path.join(ROOT, FILE), 'utf8')
const codes = [...source.matchAll(/^ {2}\| '([\w-]+)'$/gm)].map(([, code = '']) => code)
const [sources, tests] = [textOf('src', FILE), textOf('test', 'test/errors/callback-codes.test.ts')]

it('every code of a CallbackError is documented, thrown, and tested', () => {
  expect(codes.length).toBeGreaterThan(25)
  expect([...source.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code)).toEqual(codes)
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([])
  expect(codes.filter((code) => !tests.includes(`'${code}'`))).toEqual([])
})
