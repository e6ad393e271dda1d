export type * from '../generated/huawei-vod/types.js'
export type * from '../generated/tencent-ci/types.js'
export { CallbackError } from './errors/callback-error.js'
export type { CallbackErrorCode } from './errors/callback-error.js'
export { confirmSubscription } from './huawei-vod/callbacks/confirm-subscription.js'
export type { ConfirmedSubscription, ConfirmSubscriptionOptions } from './huawei-vod/callbacks/confirm-subscription.js'
export type { FetchCertificate } from './huawei-vod/callbacks/fetch-certificate.js'
export { verifyMfsEvent } from './huawei-vod/callbacks/verify-mfs-event.js'
export type { VerifyMfsEventOptions } from './huawei-vod/callbacks/verify-mfs-event.js'
export { verifySmnMessage } from './huawei-vod/callbacks/verify-smn-message.js'
export type {
  SmnMessage,
  VerifiedSmnNotification,
  VerifiedSmnSubscriptionConfirmation,
  VerifiedSmnUnsubscribeConfirmation,
  VerifySmnMessageOptions,
} from './huawei-vod/callbacks/verify-smn-message.js'
export type { CallbackBody, CallbackHeaders, CallbackInput, CallbackRequest } from './receiving/input.js'
export { respondToCallback } from './receiving/respond.js'
export type { CallbackResponse, RespondToCallbackOptions } from './receiving/respond.js'
export { parseJobCallback } from './tencent-ci/callbacks/parse.js'
export type { UnconfirmedJob } from './tencent-ci/callbacks/parse.js'
