import { sha256Hex } from '#platform'

/** Gives ids of 32 hex digits, each one new, in an order that depends on the seed alone. */
export type Ids = (kind: string) => Promise<string>

/** Each kind is counted by itself, so that the third job has the same id however many requests failed before it. */
export function createIds(seed: string): Ids {
  const counts = new Map<string, number>()
  return async (kind) => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return (await sha256Hex(`${seed} ${kind} ${String(count)}`)).slice(0, 32)
  }
}
