import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

/** A piece of TypeScript in the README, and the heading above it. */
export interface Snippet {
  readonly title: string
  readonly code: string
  readonly file: string
}

/**
 * Writes the README's snippets into files of a folder that lives as long as a test file.
 *
 * @param name of the folder, which lies inside the project, where packages resolve
 */
export function useSnippets(name: string): { readonly folder: string; readonly snippets: readonly Snippet[] } {
  const folder = path.resolve('test/readme/.snippets', name)
  mkdirSync(folder, { recursive: true })
  const tsconfig = {
    extends: path.resolve('tsconfig.json'),
    compilerOptions: { typeRoots: [path.resolve('node_modules/@types')] },
    include: ['*.ts'],
  }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  const sections = readFileSync('README.md', 'utf8').split(/^#+ /m)
  const pieces = sections.flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'))
    return [...section.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => ({ title, code }))
  })
  const snippets = pieces.map((piece, index) => ({ ...piece, file: path.join(folder, `snippet-${String(index)}.ts`) }))
  for (const { file, code } of snippets) writeFileSync(file, code)
  afterAll(() => rm(folder, { recursive: true }))
  return { folder, snippets }
}

/** Compiles a folder. If that fails, the error shows what the compiler printed. */
export async function compile(folder: string, typescript: 'typescript' | 'typescript-7'): Promise<void> {
  const compiler = path.join('node_modules', typescript, 'bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '--project', path.join(folder, 'tsconfig.json')])
}
