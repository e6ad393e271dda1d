import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { promisify } from 'node:util'

/** No contestant takes a tenth of this time. */
const TIME_LIMIT_MS = 120_000

/** What every process gets: a home directory, and the certificate that it trusts. */
export interface Surroundings {
  readonly home: string
  readonly trusted?: string
}

/** A process that responds to one message with another. */
export interface Worker {
  readonly ask: (message: object) => Promise<unknown>
  readonly end: () => void
}

/** Runs a script of this folder with an order, and resolves with its report. */
export async function run<Figures>(
  script: string,
  order: object,
  surroundings: Surroundings,
  execArgv: readonly string[] = [],
): Promise<Figures> {
  // Each script reports figures of the type that its caller names.
  const { answer, end } = await start(script, order, surroundings, execArgv)
  end()
  return answer as Figures
}

/** Starts a script of this folder with an order, and resolves with its first message. */
export async function start(
  script: string,
  order: object,
  surroundings: Surroundings,
  execArgv: readonly string[] = [],
): Promise<Worker & { readonly answer: unknown }> {
  const child = fork(path.join(import.meta.dirname, script), [JSON.stringify(order)], {
    // Not the arguments of this process, which would load tsx.
    execArgv: [...execArgv],
    // Huawei's SDK prints requests with their secrets, and writes into the home directory.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: environment(surroundings),
  })
  const end = (): void => {
    if (child.connected) child.disconnect()
  }
  const ask = (message: object): Promise<unknown> => {
    const answer = messageOf(child, script)
    child.send(message)
    return answer
  }
  return { answer: await messageOf(child, script), ask, end }
}

/** Runs a script of this folder to its end, and returns the number on the last line that it prints. */
export async function printedBy(script: string, order: object, surroundings: Surroundings): Promise<number> {
  const parameters = [path.join(import.meta.dirname, script), JSON.stringify(order)]
  const { stdout } = await promisify(execFile)(process.execPath, parameters, {
    env: environment(surroundings),
    timeout: TIME_LIMIT_MS,
  })
  return Number(stdout.trim().split('\n').at(-1))
}

function environment({ home, trusted }: Surroundings): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...inherited } = process.env
  // Not an agent's `ca`, which Node looks through in every call.
  const trust = trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted }
  return { ...inherited, ...trust, HOME: home, NODE_NO_WARNINGS: '1' }
}

async function messageOf(child: ChildProcess, script: string): Promise<unknown> {
  const settled = new AbortController()
  const timer = setTimeout(() => child.kill(), TIME_LIMIT_MS)
  try {
    const ended = once(child, 'exit', settled).then(() => {
      throw new Error(`${script} ended without its figures`)
    })
    const messages: unknown[] = await Promise.race([once(child, 'message', settled), ended])
    return messages[0]
  } finally {
    settled.abort()
    clearTimeout(timer)
  }
}
