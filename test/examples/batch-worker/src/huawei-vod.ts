import { createHuaweiVodClient, huaweiCredentialsFromEnv } from 'cloud-media-clients'
import { clientOptions, outcomeOf } from './clients.js'
import type { Provider } from './provider.js'
import { extractionOf } from './requests.js'
import type { Settings } from './settings.js'

/** No operation of VOD tells whether an extraction was created, so there is no `find`. */
export function huaweiVod(settings: Settings, onThrottle: (ms: number) => void): Provider {
  const vod = createHuaweiVodClient({
    ...clientOptions(settings, onThrottle),
    region: process.env['HUAWEICLOUD_SDK_REGION'] ?? 'cn-north-4',
    projectId: process.env['HUAWEICLOUD_SDK_PROJECT_ID'] ?? '',
    credentials: huaweiCredentialsFromEnv(),
  })
  return {
    submit: async (file) => (await vod.createExtractAudioTask(extractionOf(file))).audio_asset_id,
    outcomeOf: (id, options) => outcomeOf(id, async () => (await vod.waitForAsset(id, options)).base_info?.video_url),
  }
}
