import type { createEmulator, jobCallback, signMfsEvent, signSmnMessage } from '../../src/testing/index.js'
import type { Behavior } from './runtime.js'

type Testing = Readonly<{
  createEmulator: typeof createEmulator
  jobCallback: typeof jobCallback
  signMfsEvent: typeof signMfsEvent
  signSmnMessage: typeof signSmnMessage
}>

/** What a runtime gets: JSON, as it runs in a process of its own. */
export interface Setting extends Behavior {
  readonly endpoint: string
  /** Calls of some operations go wrong here. */
  readonly faultyEndpoint: string
  /** Nothing listens here. */
  readonly closedEndpoint: string
  /** The options of the clients. */
  readonly huawei: object
  readonly tencent: object
  /** Each as the input of its function. */
  readonly callbacks: object
}

const MFS_KEY = 'mfs-key'
const TOPIC = 'urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod'
const EVENT = { event_type: 'audioExtractComplete', audio_extract_info: { asset_id: 'a1', status: 'SUCCEED' } }

/** Serves the emulators of one runtime while it is used. The function also gets the names of the operations with faults, one per request. */
export async function withSetting<Result>(
  { createEmulator, ...callbacks }: Testing,
  behavior: Behavior,
  use: (setting: Setting, faultyRequests: () => string[]) => Promise<Result>,
): Promise<Result> {
  const emulator = createEmulator({ jobDurationMs: 200 })
  const faulty = createEmulator()
  faulty.fail({ operation: 'listQueues', with: { kind: 'error', code: 'InternalError' } })
  faulty.fail({ operation: 'createVoiceSeparateJob', times: Infinity, with: { kind: 'silence' } })
  faulty.fail({ operation: 'createNoiseReductionJob', times: Infinity, with: { kind: 'reset', executes: true } })
  faulty.fail({ operation: 'createExtractAudioTask', times: Infinity, with: { kind: 'truncated' } })
  const listening = await emulator.listen()
  const listeningFaulty = await faulty.listen()
  const { huawei, tencent } = emulator.options
  try {
    const setting = {
      ...behavior,
      endpoint: listening.url,
      faultyEndpoint: listeningFaulty.url,
      // The port is taken on 127.0.0.1, so nobody listens on it at all addresses.
      closedEndpoint: listening.url.replace('127.0.0.1', '127.0.0.2'),
      huawei: { projectId: huawei.projectId, credentials: huawei.credentials },
      tencent,
      callbacks: await signedCallbacks(callbacks),
    }
    return await use(setting, () => faulty.requests.flatMap(({ operation }) => operation ?? []))
  } finally {
    await Promise.all([listening.close(), listeningFaulty.close()])
  }
}

async function signedCallbacks({
  jobCallback,
  signMfsEvent,
  signSmnMessage,
}: Omit<Testing, 'createEmulator'>): Promise<object> {
  const job = { JobId: 'j1', State: 'Success', Tag: 'NoiseReduction', Code: 'Success', Message: '' } as const
  return {
    job: jobCallback(job).body,
    mfs: { ...(await signMfsEvent(EVENT, { key: MFS_KEY })), key: MFS_KEY },
    smn: { ...(await signSmnMessage({ topic_urn: TOPIC, message: EVENT })), topicUrn: TOPIC },
  }
}
