import { ConfigurationError } from '../errors/errors.js'

/** Bucket names end with a hyphen and the APPID (COS, "Naming Conventions"); without it the host does not exist. */
export function checkBucket(bucket: string): void {
  if (typeof bucket !== 'string' || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?-\d+$/.test(bucket)) {
    throw new ConfigurationError(
      'bucket',
      'must be the name, a hyphen, and the APPID, such as examplebucket-1250000000',
    )
  }
}
