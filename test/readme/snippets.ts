import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { documents, snippetsIn, type Snippet } from '../support/documents.js'

interface SnippetFile extends Snippet {
  readonly file: string
}

/**
 * Writes the snippets of the README and the guides into files of a folder that lives as long as a test file.
 *
 * @param name of the folder, which lies inside the project, where packages resolve
 */
export function useSnippets(name: string): { readonly folder: string; readonly snippets: readonly SnippetFile[] } {
  const folder = path.resolve('test/readme/.snippets', name)
  mkdirSync(folder, { recursive: true })
  const tsconfig = {
    extends: path.resolve('tsconfig.json'),
    compilerOptions: { typeRoots: [path.resolve('node_modules/@types')] },
    include: ['*.ts'],
  }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  const snippets = documents().flatMap((document) =>
    snippetsIn(document).map((snippet, index) => ({
      ...snippet,
      file: path.join(folder, `${document.name}-${String(index)}.ts`),
    })),
  )
  for (const { file, code } of snippets) writeFileSync(file, code)
  afterAll(() => rm(folder, { recursive: true }))
  return { folder, snippets }
}

/** Compiles a folder. If that fails, the error shows what the compiler printed. */
export async function compile(folder: string, typescript: 'typescript' | 'typescript-7'): Promise<void> {
  const compiler = path.join('node_modules', typescript, 'bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '--project', path.join(folder, 'tsconfig.json')])
}
