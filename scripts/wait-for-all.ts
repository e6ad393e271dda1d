/** Like `Promise.all`, but a failure waits for the others too, as they may still write into a folder that is to be removed. */
export async function waitForAll<Result>(promises: readonly Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
