import { CloudMediaError } from './errors.js'

/**
 * Why a callback was rejected. The input: `parsed-body`, `body-used`, `body-unreadable`, `body-too-large`,
 * `invalid-encoding`, `invalid-body`, `missing-header`, `invalid-header`. The signature: `timestamp-too-old`,
 * `timestamp-too-new`, `wrong-signature`, `unknown-type`, `unsupported-version`, `wrong-topic`, `line-break`. The
 * certificate: `invalid-certificate-url`, `certificate-unavailable`, `certificate-redirected`, `certificate-too-large`,
 * `invalid-certificate`, `certificate-expired`, `certificate-not-yet-valid`, `unsupported-algorithm`, `weak-key`. A
 * subscription: `invalid-subscribe-url`, `confirmation-failed`. The jobs: `too-many-jobs`, `job-not-found`, `foreign-job`.
 */
export type CallbackErrorCode =
  | 'parsed-body'
  | 'body-used'
  | 'body-unreadable'
  | 'body-too-large'
  | 'invalid-encoding'
  | 'invalid-body'
  | 'missing-header'
  | 'invalid-header'
  | 'timestamp-too-old'
  | 'timestamp-too-new'
  | 'wrong-signature'
  | 'unknown-type'
  | 'unsupported-version'
  | 'wrong-topic'
  | 'line-break'
  | 'invalid-certificate-url'
  | 'certificate-unavailable'
  | 'certificate-redirected'
  | 'certificate-too-large'
  | 'invalid-certificate'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'unsupported-algorithm'
  | 'weak-key'
  | 'invalid-subscribe-url'
  | 'confirmation-failed'
  | 'too-many-jobs'
  | 'job-not-found'
  | 'foreign-job'

/** A callback was rejected. Trust nothing in it. */
export class CallbackError extends CloudMediaError {
  override get name(): 'CallbackError' {
    return 'CallbackError'
  }

  /** Why the callback was rejected. */
  readonly code: CallbackErrorCode

  constructor(
    operation: string,
    code: CallbackErrorCode,
    what: string,
    { hint, ...cause }: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(`${operation}: ${what}`, { operation, attempts: 0, mayHaveRun: false, hint, ...cause })
    this.code = code
  }
}
