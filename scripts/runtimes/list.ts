import { chromium } from './chromium.js'
import { command } from './command.js'
import type { Runtime } from './runtime.js'
import { workerd } from './workerd.js'

const node = { executable: 'bin/node', takesProxies: true }

/** The runtimes that the package supports. */
export const runtimes: readonly Runtime[] = [
  command({ ...node, name: 'Node 20', package: 'node-20', takesProxies: false }),
  command({ ...node, name: 'Node 20 require', package: 'node-20', takesProxies: false, file: 'command.cjs' }),
  command({ ...node, name: 'Node 22', package: 'node-22' }),
  command({ ...node, name: 'Node 24', package: 'node-24' }),
  command({ ...node, name: 'Node 26', package: 'node-26' }),
  command({
    name: 'Bun',
    package: '@oven/bun-linux-x64-baseline',
    executable: 'bin/bun',
    args: ['--no-install'],
    takesProxies: true,
  }),
  command({
    name: 'Deno',
    package: '@deno/linux-x64-glibc',
    executable: 'deno',
    args: ['run', '--no-prompt', '--cached-only', '--node-modules-dir=manual', '--allow-net'],
    certificateVariable: 'DENO_CERT',
    takesProxies: true,
  }),
  workerd,
  chromium('esbuild'),
  chromium('Vite'),
]
