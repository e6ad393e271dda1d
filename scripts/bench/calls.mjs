// One contestant, which makes the calls that each message orders, and sends back the CPU time of one.
import { answers } from './answers.mjs'
import { callsOf, pollsOf } from './contestants.mjs'
import { check, load, timed } from './load.mjs'
import { order } from './order.mjs'

const calls = await callsOf(order)
const submissions = Object.values(calls)
const polls = Object.values(await pollsOf(order))

process.on('message', async ({ count, atOnce, isPoll }) => {
  if (isPoll) return process.send(await timed(count, () => load(polls, count, atOnce)))
  // Connections that idled for too long while others had their turn are opened again at nobody's cost.
  await load(submissions, atOnce, atOnce)
  process.send(await timed(count, () => load(submissions, count, atOnce)))
})
process.on('disconnect', () => process.exit())
for (const [operation, call] of Object.entries(calls)) check(await call(), answers[operation].id)
process.send('ready')
