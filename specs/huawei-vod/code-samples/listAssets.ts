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

const { asset_info_array, total } = await vod.listAssets({
  assetStatus: ['PUBLISHED'],
  size: 10,
})
console.log(total)
for (const { asset_id, status } of asset_info_array) {
  console.log(asset_id, status)
}
