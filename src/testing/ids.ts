import { sha256Hex } from '#platform'

/** Returns a new ID of 32 hex digits. The sequence depends on the seed alone. */
export type Ids = (kind: string) => Promise<string>

/** Each kind has its own sequence: the third job has the same ID however many requests failed before it. */
export function createIds(seed: string): Ids {
  const counts = new Map<string, number>()
  return async (kind) => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return (await sha256Hex(`${seed} ${kind} ${String(count)}`)).slice(0, 32)
  }
}
