// Memory of one contestant before and after many calls. Requires --expose-gc.
import { setTimeout } from 'node:timers/promises'
import { callsOf } from './contestants.mjs'
import { load } from './load.mjs'
import { order, report } from './order.mjs'

const { count, warmUp, atOnce, ...contestant } = order
const calls = Object.values(await callsOf(contestant))
await load(calls, warmUp, atOnce)
const before = await settled()
await load(calls, count, atOnce)
report({ before, after: await settled() })

/** The memory after garbage collection. */
async function settled() {
  await setTimeout(50)
  globalThis.gc()
  await setTimeout(50)
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  return { heapUsed, rss }
}
