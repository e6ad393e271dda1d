export type { RecordedCallback } from './deliveries.js'
export { createEmulator } from './emulator.js'
export type { Emulator } from './emulator.js'
export type { Fault, FaultPlan } from './faults.js'
export type { AssetOutcome } from './huawei-vod/assets.js'
export { jobCallback } from './job-callback.js'
export type { JobCallbackOptions } from './job-callback.js'
export type { Submissions } from './plans.js'
export type { Outcome } from './settle.js'
export type { Job, JobOutcome } from './tencent-ci/jobs.js'
export type { Listening, ListenOptions } from './listen.js'
export type {
  Asset,
  CallbackOptions,
  EmulatorOptions,
  EmulatorSettings,
  EventOptions,
  RecordedRequest,
} from './options.js'
export { signMfsEvent } from './sign-mfs-event.js'
export type { SignMfsEventOptions } from './sign-mfs-event.js'
export type { SignedCallback } from './signed-callback.js'
export { signSmnMessage } from './sign-smn-message.js'
export type { SignedSmnMessage, SignSmnMessageOptions, SmnMessageToSign } from './sign-smn-message.js'
export { createTestCertificate } from './test-certificate.js'
export type { TestCertificate, TestCertificateOptions } from './test-certificate.js'
