// The requests of every contestant, from the documentation.
export const PROJECT_ID = '0123456789abcdef0123456789abcdef'
export const HUAWEI_KEY = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' }
export const TENCENT_KEY = { secretId: 'TESTID', secretKey: 'TESTKEY' }

const extractAudio = { asset_id: '3e1cd21131a94525be55acf65888bf46', parameter: { format: 'MP3' } }
const unpublish = { asset_id: ['f488337c31c8e4622f1590735b134c65', '07ba4d46463355e800c2f42f628f0631'] }

/** Without the Tag, which our client adds. */
export const voiceSeparate = {
  Input: { Object: 'test.mp4' },
  Operation: {
    VoiceSeparate: {
      AudioMode: 'IsAudio',
      AudioConfig: { Codec: 'mp3', Samplerate: '44100', Bitrate: '128', Channels: '2' },
    },
    Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', AuObject: 'out/voice.mp3' },
  },
  QueueId: 'p893bcda225bf4945a378da6662e81a89',
}
// In the order of the XML Schema, so that every contestant sends the same bytes.
const noiseReduction = {
  Input: { Object: 'input/demo.mp3' },
  Operation: {
    NoiseReduction: { Format: 'wav', SampleRate: '16000' },
    JobLevel: '0',
    UserData: 'This is my data.',
    Output: { Region: 'ap-chongqing', Bucket: 'test-123456789', Object: 'output/out.wav' },
  },
  CallBackFormat: 'JSON',
  CallBack: 'http://callback.demo.com',
}

/**
 * Submissions by service and operation: the path, the request as a value and as text, and for Tencent also the complete
 * document.
 */
export const samples = {
  'huawei-vod': {
    createExtractAudioTask: {
      path: `/v1.0/${PROJECT_ID}/asset/extract_audio`,
      contentType: 'application/json',
      request: extractAudio,
      body: JSON.stringify(extractAudio),
    },
    unpublishAssets: {
      path: `/v1.0/${PROJECT_ID}/asset/status/unpublish`,
      contentType: 'application/json',
      request: unpublish,
      body: JSON.stringify(unpublish),
    },
  },
  'tencent-ci': {
    createVoiceSeparateJob: {
      path: '/jobs',
      contentType: 'application/xml',
      request: voiceSeparate,
      ...asXml({ Request: { Tag: 'VoiceSeparate', ...voiceSeparate } }),
    },
    createNoiseReductionJob: {
      path: '/jobs',
      contentType: 'application/xml',
      request: noiseReduction,
      ...asXml({ Request: { Tag: 'NoiseReduction', ...noiseReduction } }),
    },
  },
}

/** Reads by service and operation, which have no body. */
export const polls = {
  'huawei-vod': {
    listAssets: {
      path: `/v1.0/${PROJECT_ID}/asset/info?asset_id=${extractAudio.asset_id}`,
      request: { asset_id: [extractAudio.asset_id] },
    },
  },
  'tencent-ci': {
    getJobs: {
      path: '/jobs/j6e1b8d4f8f2b11f0b2c5525400e6c9d2',
      request: { jobIds: ['j6e1b8d4f8f2b11f0b2c5525400e6c9d2'] },
    },
  },
}

function asXml(document) {
  return { document, body: xml(document) }
}

/** Sufficient for these values, which need no escaping. */
function xml(value) {
  if (typeof value === 'string') return value
  return Object.entries(value)
    .map(([name, child]) => `<${name}>${xml(child)}</${name}>`)
    .join('')
}
