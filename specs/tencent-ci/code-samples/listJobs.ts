import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const { JobsDetail, NextToken } = await ci.listJobs({
  tag: 'NoiseReduction',
  size: 10,
})
for (const { JobId, State, CreationTime } of JobsDetail) {
  console.log(JobId, State, CreationTime)
}
// Of the next page, as nextToken. eachJob reads all pages.
console.log(NextToken)
