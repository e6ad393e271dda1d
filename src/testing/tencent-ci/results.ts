import type { VoiceSeparateJob, VoiceSeparateJobOperation } from '../../../generated/tencent-ci/types.js'
import { isText } from '../../type-guards.js'
import { finishedJob } from './documented.js'

/** The checksum of a file without content: the emulator writes no files. */
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'

/** What the operation of a voice separation has once it has succeeded: its own files, and the documented information. */
export function resultsOf({ Operation }: VoiceSeparateJob): VoiceSeparateJobOperation {
  const { Bucket = '', Region = '', AuObject, Object: background, BassObject, DrumObject } = Operation?.Output ?? {}
  // In the documented order, the voice first.
  const ObjectName = [AuObject, background, BassObject, DrumObject].filter(isText)
  const Md5Info = ObjectName.map((name) => ({ ObjectName: name, Md5: MD5_OF_NOTHING }))
  const MediaResult = { OutputFile: { Bucket, Region, ObjectName, ObjectPrefix: '', Md5Info } }
  const { MediaInfo } = finishedJob.Operation ?? {}
  return { ...(MediaInfo !== undefined && { MediaInfo }), MediaResult }
}
