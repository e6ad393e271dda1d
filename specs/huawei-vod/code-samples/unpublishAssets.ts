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

const { asset_info_array } = await vod.unpublishAssets({
  asset_id: [
    '3e1cd21131a94525be55acf65888bf46',
    'f488337c31c8e4622f1590735b134c65',
  ],
})
for (const { asset_id, status, description } of asset_info_array) {
  console.log(asset_id, status, description)
}
