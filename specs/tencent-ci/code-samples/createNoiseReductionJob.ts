import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const job = await ci.createNoiseReductionJob({
  Input: { Object: 'recording.wav' },
  Operation: {
    NoiseReduction: { Format: 'wav', SampleRate: '16000' },
    Output: { Object: 'out/clean.wav' },
    UserData: 'order-4711',
  },
})
const done = await ci.waitForJob(job)
console.log(done.JobId, done.Operation?.Output?.Object)
