import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import { LIMIT_MS, type Places, type Runtime } from './runtime.js'
import type { Setting } from './setting.js'
import { versionOf } from './versions.js'

const PACKAGE = '@cloudflare/workerd-linux-64'

/** The runtime of Cloudflare Workers. */
export const workerd: Runtime = {
  name: 'workerd',
  version: () => Promise.resolve(versionOf(PACKAGE)),
  behavior: { isConnectionKnown: false, isSentAgain: false },
  run,
  runProxies: undefined,
}

async function run({ packages, project }: Places, setting: Setting): Promise<string> {
  await build({
    absWorkingDir: project,
    entryPoints: ['worker.mjs'],
    outfile: path.join(project, 'worker.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd'],
    logLevel: 'silent',
  })
  const executable = path.join(packages, PACKAGE, 'bin/workerd')
  const server = spawn(executable, ['serve', 'worker.capnp', '--control-fd=3'], {
    cwd: project,
    env: { HOME: project },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const port = await Promise.race([portOf(server.stdio[3] as Readable), endOf(server)])
    const body = JSON.stringify(setting)
    const signal = AbortSignal.timeout(LIMIT_MS)
    const response = await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body, signal })
    return await response.text()
  } finally {
    server.kill()
  }
}

/** The first line says where it listens. */
async function portOf(control: Readable): Promise<number> {
  const [line] = (await once(control, 'data')) as [Buffer]
  // Documented for --control-fd.
  return (JSON.parse(String(line)) as { port: number }).port
}

async function endOf(server: ReturnType<typeof spawn>): Promise<never> {
  const [code] = (await once(server, 'exit')) as [number | null]
  throw new Error(`workerd ended before it listened: ${String(code)}`)
}
