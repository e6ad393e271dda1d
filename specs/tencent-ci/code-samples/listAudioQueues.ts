import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const { QueueList } = await ci.listAudioQueues({ state: 'Active' })
for (const { QueueId, Name, Category } of QueueList) {
  console.log(QueueId, Name, Category)
}
