import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const { JobsDetail, NonExistJobIds } = await ci.getJobs({
  jobIds: [
    'j5d0a7c3e8f2b11f0a1b4525400e6c9d2',
    'j6e1b8d4f8f2b11f0b2c5525400e6c9d2',
  ],
})
for (const { JobId, State, Progress } of JobsDetail) {
  console.log(JobId, State, Progress)
}
console.log('unknown:', NonExistJobIds)
