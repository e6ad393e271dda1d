import type { CloudMediaError } from '../errors/errors.js'
import type { WaitFailure } from '../errors/wait-errors.js'

/** What a state means for a wait, as `x-states` of the spec groups the known ones. */
type StateGroup = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'missing'

export type StateGroups = Readonly<Partial<Record<StateGroup, readonly string[]>>>

/** How a wait ends without success. */
export type Ending =
  | { readonly kind: 'failed' | 'cancelled' | 'missing' }
  /** With the last state that was read. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number; readonly state: string | undefined }

/** The kind of items that the waits of a client read: its jobs or its assets. */
export interface Watched<Item> {
  /** Name of the method that waits, such as `waitForJob`. */
  readonly operation: string
  /** Reads at most ten items, and settles soon after the signal aborts. Rejects with the errors of a call. */
  readonly read: (ids: readonly string[], signal: AbortSignal) => Promise<ItemsRead<Item>>
  readonly idOf: (item: Item) => string | undefined
  readonly stateOf: (item: Item) => string | undefined
  /** In percent; undefined or NaN if it is not known. */
  readonly progressOf: (item: Item) => number | undefined
  readonly states: StateGroups
  /** Milliseconds from the start of a wait in which a missing item counts as running: it may be too new to be read. */
  readonly graceMs: number
  readonly errorOf: (ending: Ending, failure: WaitFailure<Item>) => CloudMediaError
}

/** What a read has returned. An ID in neither list was not answered. */
export interface ItemsRead<Item> {
  readonly items: readonly Item[]
  /** The IDs of items that do not exist. */
  readonly missing: readonly string[]
}

/** Undefined for an unknown state, and for none. */
export function groupOf(state: string | undefined, groups: StateGroups): StateGroup | undefined {
  if (state === undefined) return undefined
  if (groups.succeeded?.includes(state)) return 'succeeded'
  if (groups.failed?.includes(state)) return 'failed'
  if (groups.cancelled?.includes(state)) return 'cancelled'
  if (groups.missing?.includes(state)) return 'missing'
  return groups.running?.includes(state) ? 'running' : undefined
}
