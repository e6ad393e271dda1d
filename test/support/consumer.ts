import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'

const NAME = 'cloud-media-clients'
const run = promisify(execFile)

/** A project of a user, in which the packed package is installed. */
export class Consumer {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'consumer-'))
  /** Where the package is. */
  readonly installed = path.join(this.folder, 'node_modules', NAME)

  /**
   * npm would ask the network, or a cache that may be empty. So what the project has besides the package is linked: the
   * dependencies of the package, and these, and nothing more, so that an undeclared import fails. Node finds what they
   * need in turn beside the real folders that the links lead to.
   *
   * @param packages names, each with the folder in node_modules of this project, which may have another name
   */
  static async create(type: 'module' | 'commonjs', packages: Readonly<Record<string, string>> = {}): Promise<Consumer> {
    const consumer = new Consumer()
    mkdirSync(consumer.installed, { recursive: true })
    await run('tar', ['-xzf', inject('tarball'), '-C', consumer.installed, '--strip-components=1'])
    for (const name of consumer.dependencies()) consumer.#link(name, name)
    for (const [name, folder] of Object.entries(packages)) consumer.#link(name, folder)
    consumer.write('package.json', JSON.stringify({ type }))
    return consumer
  }

  /** The names of the dependencies of the package. */
  dependencies(): string[] {
    // The boundary to a JSON file.
    const text = readFileSync(path.join(this.installed, 'package.json'), 'utf8')
    return Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {})
  }

  /** Writes a file, and returns its path. */
  write(name: string, text: string): string {
    const file = path.join(this.folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }

  /** What a script in the project prints. */
  async node(name: string, code: string): Promise<string> {
    return this.output(process.execPath, [this.write(name, code)])
  }

  /** What a command prints. If it fails, the error shows that too. */
  async output(command: string, args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await run(command, args, { cwd: this.folder }).catch((error: unknown) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string }
      throw new Error(`${stdout}\n${stderr}`.trim(), { cause: error })
    })
    return (stdout + stderr).trim()
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true })
  }

  #link(name: string, folder: string): void {
    const link = path.join(this.folder, 'node_modules', name)
    mkdirSync(path.dirname(link), { recursive: true })
    symlinkSync(path.resolve('node_modules', folder), link, 'junction')
  }
}
