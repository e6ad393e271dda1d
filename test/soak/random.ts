/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator, with the numbers of C99). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  }
}
