import { CloudMediaError } from '../errors/errors.js'

/**
 * A part of this library that most programs do not use: loaded at the first use, once. If the load fails, such as in a
 * page that lost its connection, the next use tries again.
 *
 * @throws CloudMediaError if the part cannot be loaded
 */
export function lazily<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throw new CloudMediaError('a part of cloud-media-clients could not be loaded; nothing was sent', {
        operation: 'import',
        attempts: 0,
        mayHaveRun: false,
        cause,
      })
    })
    return loading
  }
}
