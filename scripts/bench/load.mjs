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

/** CPU microseconds of one of `count` calls, of the whole process. */
export async function timed(count, run) {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
