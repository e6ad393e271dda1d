import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'

/** No contestant takes a tenth of this time. */
const TIME_LIMIT_MS = 120_000

/** Runs a script of this folder with an order, and resolves with its report. */
export async function run<Figures>(
  script: string,
  order: object,
  home: string,
  execArgv: readonly string[] = [],
): Promise<Figures> {
  const child = start(script, [JSON.stringify(order)], home, execArgv)
  const timer = setTimeout(() => child.kill(), TIME_LIMIT_MS)
  try {
    // Each script reports figures of the type that its caller names.
    return (await firstMessage(child, script)) as Figures
  } finally {
    clearTimeout(timer)
  }
}

/** Runs the local server while `use` runs. */
export async function withServer<Result>(use: (endpoint: string) => Promise<Result>): Promise<Result> {
  const server = start('server.mjs', [])
  try {
    return await use(String(await firstMessage(server, 'server.mjs')))
  } finally {
    if (server.connected) server.disconnect()
  }
}

/** Runs a module from text, and returns the milliseconds that it prints and those of its process. */
export async function timeOfScript(script: string, home: string): Promise<{ load: number; process: number }> {
  const before = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: environment(home),
    timeout: TIME_LIMIT_MS,
  })
  return { load: Number(stdout.trim().split('\n').at(-1)), process: performance.now() - before }
}

function start(script: string, parameters: string[], home?: string, execArgv: readonly string[] = []): ChildProcess {
  return fork(path.join(import.meta.dirname, script), parameters, {
    // Not the arguments of this process, which would load tsx.
    execArgv: [...execArgv],
    // Huawei's SDK prints requests with their secrets, and writes into the home directory.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: environment(home),
  })
}

function environment(home = process.env['HOME']): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...inherited } = process.env
  return { ...inherited, HOME: home, NODE_NO_WARNINGS: '1' }
}

async function firstMessage(child: ChildProcess, script: string): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${script} ended without its figures`)
  })
  const messages: unknown[] = await Promise.race([once(child, 'message'), ended])
  return messages[0]
}
