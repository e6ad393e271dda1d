import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

export const PROJECT = path.resolve(import.meta.dirname, '../..')

export interface Outcome {
  readonly failed: boolean
  readonly stdout: string
  readonly stderr: string
}

/** What the specs and their generator need, and `more`, in a folder of its own, to be changed and thrown away. */
export class ProjectCopy {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(more: readonly string[] = []): Promise<ProjectCopy> {
    const folder = await temporaryFolder()
    const parts = ['specs', 'generated', 'scripts', 'redocly.yaml', 'package.json', 'tsconfig.json', '.prettierrc.json']
    await Promise.all(
      [...parts, ...more].map((part) => cp(path.join(PROJECT, part), path.join(folder, part), { recursive: true })),
    )
    await symlink(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'))
    return new ProjectCopy(folder)
  }

  read(file: string): Promise<string> {
    return readFile(path.join(this.folder, file), 'utf8')
  }

  write(file: string, text: string): Promise<void> {
    return writeFile(path.join(this.folder, file), text)
  }

  /** Changes one place. A change that finds no such place, or several, would test nothing. */
  async replace(file: string, from: string, to: string): Promise<void> {
    const parts = (await this.read(file)).split(from)
    if (parts.length !== 2) throw new Error(`${file} has ${String(parts.length - 1)} times: ${from}`)
    await this.write(file, parts.join(to))
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true })
  }
}

/** Real, because a link on the way to it would show in the paths that tools print. */
async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(path.join(os.tmpdir(), 'specs-test-')))
}

export async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder()
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Changes a copy of the project, with `more` of its files, and checks what comes of it. */
export async function inCopy(
  change: (copy: ProjectCopy) => Promise<void>,
  check: (copy: ProjectCopy) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const copy = await ProjectCopy.create(more)
  try {
    await change(copy)
    await check(copy)
  } finally {
    await copy.remove()
  }
}

/** The text of every file in generated/, by name. */
export async function generatedFiles(project: string): Promise<Record<string, string>> {
  const folder = path.join(project, 'generated')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const texts = names.sort().map(async (name) => [path.relative(folder, name), await readFile(name, 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}

/** Runs a command of a development dependency. */
export function run(folder: string, command: string, ...args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  return new Promise((resolve) => {
    execFile(path.join('node_modules/.bin', command), args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, stdout, stderr })
    })
  })
}

export function generate(folder: string, ...options: readonly string[]): Promise<Outcome> {
  return run(folder, 'tsx', 'scripts/generate.ts', ...options)
}

export interface LintProblem {
  readonly ruleId: string
  readonly message: string
}

/** Lints the documents of redocly.yaml, or those in `args`. Errors and warnings alike, one list a document. */
export async function lintProblems(folder: string, ...args: readonly string[]): Promise<LintProblem[][]> {
  const { stdout } = await run(folder, 'redocly', 'lint', ...args, '--format', 'json')
  // The reports of the documents follow one another with nothing between them.
  const reports = stdout.split(/(?<=^\})(?=\{)/m)
  // JSON.parse is untyped; this is the part of the report that counts.
  return reports.map((report) => (JSON.parse(report) as { problems: LintProblem[] }).problems)
}
