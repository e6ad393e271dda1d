import {
  createHuaweiVodClient,
  huaweiCredentialsFromEnv,
} from 'cloud-media-clients/huawei-vod'

const key = huaweiCredentialsFromEnv()
const vod = createHuaweiVodClient({
  region: 'cn-north-4',
  projectId: key.projectId,
  credentials: key,
})

const { audio_asset_id } = await vod.createExtractAudioTask({
  asset_id: '3e1cd21131a94525be55acf65888bf46',
  parameter: { format: 'MP3' },
})
const audio = await vod.waitForAsset(audio_asset_id)
console.log(audio.asset_id, audio.base_info?.video_url)
