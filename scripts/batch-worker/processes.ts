import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** A process of the application that starts again whenever it is killed. */
export class Process {
  readonly #start: () => ChildProcess
  #process: ChildProcess
  #isStopped = false
  /** The process IDs of all that were killed. */
  readonly killed: number[] = []

  constructor(
    folder: string,
    script: string,
    parameters: readonly string[],
    environment: NodeJS.ProcessEnv,
    log: string,
  ) {
    this.#start = () => {
      const output = openSync(log, 'a')
      const options = {
        cwd: folder,
        env: { ...process.env, ...environment },
        stdio: ['ignore', output, output],
      } as const
      const started = spawn(process.execPath, ['--import', 'tsx', `src/${script}.ts`, ...parameters], {
        ...options,
        stdio: [...options.stdio],
      })
      closeSync(output)
      return started
    }
    this.#process = this.#start()
  }

  /** SIGKILL, and a new start at once. */
  kill(): void {
    this.end()
    this.#process = this.#start()
  }

  /** SIGSTOP for so many milliseconds. */
  async stop(ms: number): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    const stopped = this.#process
    stopped.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, ms))
    // It may have been killed meanwhile.
    stopped.kill('SIGCONT')
    this.#isStopped = false
  }

  /** CPU time and memory so far, by Linux. */
  async usage(): Promise<{ cpuMs: number; rssBytes: number }> {
    const [stat, statm] = await Promise.all(
      ['stat', 'statm'].map((name) => readFile(`/proc/${String(this.#process.pid)}/${name}`, 'utf8')),
    )
    // Fields 14 and 15 are in ticks of 10 ms; the name before them may have spaces.
    const [user = 0, system = 0] = (stat ?? '')
      .slice((stat ?? '').lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return { cpuMs: 10 * (user + system), rssBytes: 4_096 * Number(statm?.split(' ')[1]) }
  }

  /** SIGTERM. Resolves with the exit code; null if a signal ended it. */
  async terminate(): Promise<number | null> {
    const { exitCode } = this.#process
    if (exitCode !== null) return exitCode
    this.#process.kill('SIGTERM')
    await once(this.#process, 'exit')
    return this.#process.exitCode
  }

  end(): void {
    this.killed.push(this.#process.pid ?? 0)
    this.#process.kill('SIGKILL')
  }
}
