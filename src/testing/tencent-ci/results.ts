import type { MediaResult, VoiceSeparateJob } from '../../../generated/tencent-ci/types.js'

/** The checksum of a file without content, as the emulator writes no files. */
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'

/** What a complete job of voice separation says about its files, in the order of the documented callback. */
export function resultsOf({ Operation }: VoiceSeparateJob): { readonly MediaResult: MediaResult } {
  const { Bucket = '', Region = '', AuObject, Object: background, BassObject, DrumObject } = Operation?.Output ?? {}
  const names = [AuObject, background, BassObject, DrumObject].flatMap((name) => (name ? [name] : []))
  const Md5Info = names.map((ObjectName) => ({ ObjectName, Md5: MD5_OF_NOTHING }))
  return { MediaResult: { OutputFile: { Bucket, Region, ObjectName: names, ObjectPrefix: '', Md5Info } } }
}
