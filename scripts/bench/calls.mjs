// One round of one contestant: CPU and wall time of a call per operation, sequential and parallel.
import { callsOf } from './contestants.mjs'
import { check, load, timed } from './load.mjs'
import { order, report } from './order.mjs'
import { samples } from './samples.mjs'

const { count, warmUp, atOnce, ...contestant } = order
const calls = Object.entries(await callsOf(contestant))
for (const [operation, call] of calls) {
  await check(call, samples[contestant.service][operation].id)
  await load(call, warmUp, Math.max(...atOnce))
}
const figures = []
for (const parallel of atOnce) {
  for (const [operation, call] of calls) {
    const time = await timed(count, () => load(call, count, parallel))
    figures.push({ operation, atOnce: parallel, ...time })
  }
}
report(figures)
