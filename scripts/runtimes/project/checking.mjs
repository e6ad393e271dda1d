const LIMIT_MS = 20_000

/** Yields the name of each check, with its failure if it failed. A check that fails throws. */
export async function* run(checks, clients) {
  for (const [check, perform] of Object.entries(checks)) yield { check, failure: await failed(perform, clients) }
}

/** Undefined if the check passes. */
async function failed(perform, clients) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, LIMIT_MS, new Error(`no end within ${LIMIT_MS} ms`))
  })
  try {
    await Promise.race([perform(clients), late])
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    clearTimeout(timer)
  }
}

/** The error of a call that must fail with this class. */
export async function failureOf(call, expected) {
  try {
    await call
  } catch (error) {
    if (error instanceof expected) return error
    throw error
  }
  throw new Error(`no ${expected.name}`)
}

export function same(actual, expected) {
  const [seen, wanted] = [actual, expected].map((value) => JSON.stringify(value))
  if (seen !== wanted) throw new Error(`${seen} instead of ${wanted}`)
}

export function matches(text, pattern) {
  if (typeof text !== 'string' || !pattern.test(text))
    throw new Error(`${JSON.stringify(text)} does not match ${pattern}`)
}
