// Memory of one contestant before and after many calls. Requires --expose-gc.
import { setTimeout } from 'node:timers/promises'
import { callsOf } from './contestants.mjs'
import { check, load } from './load.mjs'
import { order, report } from './order.mjs'
import { samples } from './samples.mjs'

const { count, warmUp, atOnce, ...contestant } = order
const calls = Object.entries(await callsOf(contestant))
for (const [operation, call] of calls) {
  await check(call, samples[contestant.service][operation].id)
  await load(call, warmUp, atOnce)
}
const before = await settled()
for (const [, call] of calls) await load(call, count / calls.length, atOnce)
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
