// Compiled by `npm run typecheck`; each @ts-expect-error is an error itself if the line below it compiles.
import type { NoiseReductionRequest, VoiceSeparateRequestOutput } from '../../generated/tencent-ci/types.js'

/** A name for one of the results is required; the client knows Region and Bucket. */
export const outputs: VoiceSeparateRequestOutput[] = [
  { Object: 'background.mp3' },
  { AuObject: 'voice.mp3' },
  { Object: 'background.mp3', AuObject: 'voice.mp3' },
  { Object: 'background.mp3', Region: 'ap-beijing' },
  { AuObject: 'voice.mp3', Region: 'ap-beijing', Bucket: 'examplebucket-1250000000' },
  // @ts-expect-error -- neither result has a name
  {},
  // @ts-expect-error -- neither result has a name
  { Region: 'ap-beijing', Bucket: 'examplebucket-1250000000' },
  // @ts-expect-error -- a field is misspelled
  { Object: 'background.mp3', Regoin: 'ap-beijing' },
]

/** Fields that the client supplies can be read. */
export function suppliedFields(request: NoiseReductionRequest): (string | undefined)[] {
  return [request.Tag, request.Operation.Output.Region, request.Operation.Output.Bucket]
}
