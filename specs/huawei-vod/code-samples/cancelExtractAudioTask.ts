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

const asset_id = '3e1cd21131a94525be55acf65888bf46'
await vod.cancelExtractAudioTask({ asset_id })
console.log('canceled the extraction from', asset_id)
