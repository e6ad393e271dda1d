import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const jobId = 'j5d0a7c3e8f2b11f0a1b4525400e6c9d2'
await ci.cancelJob({ jobId })
console.log('canceled', jobId)
