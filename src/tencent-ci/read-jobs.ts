import * as codes from '../../generated/tencent-ci/codes.js'
import type { TencentCiMethods } from '../../generated/tencent-ci/methods.js'
import type { Job } from '../../generated/tencent-ci/types.js'
import type { CallOptions } from '../client/options.js'
import { ApiError } from '../errors/errors.js'
import type { ItemsRead } from '../waiting/watched.js'

/** Reads jobs by their IDs. An unknown one is missing, not an error. */
export async function readJobs(
  client: Pick<TencentCiMethods, 'getJobs'>,
  ids: readonly string[],
  options?: CallOptions,
): Promise<ItemsRead<Job>> {
  try {
    const { JobsDetail, NonExistJobIds } = await client.getJobs({ jobIds: [...ids] }, options)
    // How several IDs are separated is not documented.
    return { items: JobsDetail, missing: NonExistJobIds.flatMap((some) => some.split(/[\s,]+/)) }
  } catch (error) {
    // Whether an unknown ID may be a 404 is not documented either.
    const isMissing =
      ids.length === 1 && error instanceof ApiError && error.status === 404 && error.code !== codes.InvalidUrl
    if (isMissing) return { items: [], missing: ids }
    throw error
  }
}
