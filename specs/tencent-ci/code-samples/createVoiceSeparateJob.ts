import {
  createTencentCiClient,
  tencentCredentialsFromEnv,
} from 'cloud-media-clients/tencent-ci'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'examplebucket-1250000000',
  credentials: tencentCredentialsFromEnv(),
})

const job = await ci.createVoiceSeparateJob({
  Input: { Object: 'interview.mp4' },
  Operation: {
    VoiceSeparate: {
      AudioMode: 'AudioAndBackground',
      AudioConfig: { Codec: 'mp3' },
    },
    Output: { Object: 'out/background.mp3', AuObject: 'out/voice.mp3' },
    UserData: 'order-4711',
  },
  QueueId: 'p893bcda225bf4945a378da6662e81a89',
})
const done = await ci.waitForJob(job)
console.log(done.JobId, done.Operation?.MediaResult?.OutputFile?.ObjectName)
