/** Shorter intervals count as this. */
export const SHORTEST_DELAY_MS = 500
const FIRST_DELAY_MS = 2_000
const LONGEST_DELAY_MS = 30_000
const GROWTH = 1.5
const JITTER = 0.25
const LONGEST_PAUSE_MS = 60_000

const TICK_MS = 1_000
/** Time for the last read before a deadline. */
const LAST_LOOK_MS = 1_000

/**
 * The delay after an answer: about 2 seconds after the first one, growing by half to 30 seconds, less up to a quarter.
 *
 * @param answers number of answers so far, from 1
 * @param random returns a number from 0 to below 1
 */
export function pollDelayMs(answers: number, random: () => number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * GROWTH ** (answers - 1)) * (1 - JITTER * random())
}

/** The least delay after so many reads in a row without an answer: 2 seconds, doubled each time, at most 30 seconds. */
export function failureDelayMs(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1))
}

/** How long all reads pause after so many throttled ones in a row. */
export function pauseMs(throttled: number, random: () => number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_DELAY_MS * 2 ** (throttled - 1)) * (1 + JITTER * random())
}

/** The progress in percent at a time. */
export interface ProgressAt {
  readonly percent: number
  readonly at: number
}

/**
 * Half the time that is left at the pace since the last read, at least a second. Infinity without progress, so that a
 * job that hangs is not read more often for it.
 */
export function halfOfWhatIsLeftMs(before: ProgressAt, now: ProgressAt): number {
  const made = now.percent - before.percent
  if (!(made > 0)) return Infinity
  const leftMs = ((100 - now.percent) / made) * (now.at - before.at)
  return Math.max(TICK_MS, leftMs / 2)
}

/**
 * The time grid on which the waits of a client are read, so that their reads coincide. A tick is a second, for longer
 * delays about a quarter of the delay. All are a second times a power of two: a long tick coincides with a short one.
 */
export class Ticks {
  readonly #origin: number

  /** @param origin the time of a tick */
  constructor(origin: number) {
    this.#origin = origin
  }

  /**
   * The time of the first read: the next tick, or at once if the deadline comes before.
   *
   * @param delayMs the delay between later reads, if it is fixed
   */
  firstLook(now: number, delayMs: number | undefined, deadline: number): number {
    return Math.min(this.#up(now, tickMs(delayMs ?? TICK_MS)), Math.max(now, this.#lastLook(deadline)))
  }

  /** The time of the next read: the tick after the delay, or one last look before the deadline; Infinity after that. */
  nextLook(now: number, delayMs: number, deadline: number): number {
    const next = this.#up(now + delayMs, tickMs(delayMs))
    const last = this.#lastLook(deadline)
    if (next <= last) return next
    return last > now ? last : Infinity
  }

  /** On a tick as well, as many waits may have the same deadline. */
  #lastLook(deadline: number): number {
    return this.#origin + Math.floor((deadline - LAST_LOOK_MS - this.#origin) / TICK_MS) * TICK_MS
  }

  #up(time: number, tick: number): number {
    return this.#origin + Math.ceil((time - this.#origin) / tick) * tick
  }
}

function tickMs(delayMs: number): number {
  if (delayMs < TICK_MS) return SHORTEST_DELAY_MS
  return TICK_MS * 2 ** Math.max(0, Math.round(Math.log2(delayMs / 4 / TICK_MS)))
}
