// What is asked for each file. Change this to what you need.
import type { ExtractAudioRequest, NoiseReductionRequest, VoiceSeparateRequest } from 'cloud-media-clients'

/** Where results go. */
interface Place {
  readonly Region: string
  readonly Bucket: string
}

/** The fields that make a provider call back. */
interface CallbackFields {
  readonly CallBack?: string
  readonly CallBackFormat?: 'JSON'
}

export function noiseReductionOf(
  file: string,
  UserData: string,
  place: Place,
  callback: CallbackFields,
): NoiseReductionRequest {
  return {
    Input: { Object: file },
    Operation: { Output: { ...place, Object: `clean/${file}.wav` }, UserData },
    ...callback,
  }
}

export function voiceSeparationOf(
  file: string,
  UserData: string,
  place: Place,
  callback: CallbackFields,
): VoiceSeparateRequest {
  return {
    Input: { Object: file },
    // A queue of the bucket; listAudioQueues lists them.
    QueueId: process.env['TENCENTCLOUD_QUEUE_ID'] ?? '',
    Operation: {
      VoiceSeparate: { AudioMode: 'IsAudio', AudioConfig: { Codec: 'aac' } },
      Output: { ...place, Object: `music/${file}.aac`, AuObject: `voice/${file}.aac` },
      UserData,
    },
    ...callback,
  }
}

/** VOD has no `UserData`: its files are asset IDs. */
export function extractionOf(file: string): ExtractAudioRequest {
  return { asset_id: file }
}
