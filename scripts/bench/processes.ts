import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'

/** No contestant needs a tenth of it. */
const TIME_LIMIT_MS = 120_000

/** Lets a script of this folder carry out an order, and resolves to what it reports. */
export async function run<Figures>(
  script: string,
  order: object,
  home: string,
  execArgv: readonly string[] = [],
): Promise<Figures> {
  const child = start(script, [JSON.stringify(order)], home, execArgv)
  const timer = setTimeout(() => child.kill(), TIME_LIMIT_MS)
  try {
    // The scripts and the types of their figures are kept in step by hand.
    return (await firstMessage(child, script)) as Figures
  } finally {
    clearTimeout(timer)
  }
}

/** Has the local server for as long as `use` takes. */
export async function withServer<Result>(use: (endpoint: string) => Promise<Result>): Promise<Result> {
  const server = start('server.mjs', [])
  try {
    return await use(String(await firstMessage(server, 'server.mjs')))
  } finally {
    if (server.connected) server.disconnect()
  }
}

/** Runs a module given as text: milliseconds it prints, and those of the whole process. */
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
    // Not those of this process: tsx would load into each.
    execArgv: [...execArgv],
    // Huawei's SDK prints whole requests, and writes into the home directory.
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
