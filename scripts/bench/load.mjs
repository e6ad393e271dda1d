/** Throws unless the result has the ID: a call that fails is fast. */
export function check(answer, id) {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  if (!text.includes(id)) throw new Error(`the answer does not hold ${id}`)
}

/** Makes `count` calls, `atOnce` at a time, of each operation in turn. */
export async function load(calls, count, atOnce) {
  let left = count
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left > 0) {
        left -= 1
        await calls[left % calls.length]()
      }
    }),
  )
}

/** CPU and wall time of one of `count` calls, in microseconds. The CPU time is that of the whole process. */
export async function timed(count, run) {
  const wallBefore = process.hrtime.bigint()
  const cpuBefore = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(cpuBefore)
  const wall = Number(process.hrtime.bigint() - wallBefore) / 1000
  return { cpu: (user + system) / count, wall: wall / count }
}
