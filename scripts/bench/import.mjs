// CPU time of a fresh process with one import, or with none.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { order } from './order.mjs'

const { origin, entry, dist, folder } = order
// As users do: our entry is imported, an SDK required.
if (origin === 'ours') await import(pathToFileURL(path.join(dist, `${entry}.mjs`)).href)
if (origin === 'sdk') createRequire(path.join(folder, 'package.json'))(entry)
const { user, system } = process.cpuUsage()
console.log((user + system) / 1000)
process.exit()
