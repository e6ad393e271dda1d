import { lazily } from '../../client/lazily.js'
import { CallbackError } from '../../errors/callback-error.js'
import { plainError } from '../../sending/failure.js'
import { plainFailure } from '../../transport/failure-reason.js'
import { checkValidity, hasExpired, type Certificate } from './certificate.js'
import { get, isRedirect, MAX_BYTES } from './get.js'
import { smnError } from './smn-error.js'

/** Returns the certificate at a URL, in PEM. */
export type FetchCertificate = (url: URL) => Promise<string>

const TIMEOUT_MS = 3_000
/** Far more than the regions and the keys of a topic. */
const MAX_CERTIFICATES = 32
const MAX_PENDING = 8
const MIN_RECHECK_MS = 60_000

/** Gets a certificate by the built-in fetch. Follows no redirect, as it could lead to any host. */
export const fetchCertificate: FetchCertificate = async (url) => {
  const outcome = await get(url, { timeoutMs: TIMEOUT_MS })
  if ('failure' in outcome) throw plainError(outcome.failure, (text) => text)
  const { status, body, isTruncated } = outcome
  if (isRedirect(status)) throw smnError('certificate-redirected', 'the URL of the certificate redirects')
  if (status !== 200) throw unavailable(`status ${String(status)}`)
  if (isTruncated) throw tooLarge()
  return new TextDecoder().decode(body)
}

/** With the library for ASN.1, which is larger than everything else that callbacks need. */
const loadReader = /* @__PURE__ */ lazily(() => import('./read-certificate.js'))

const caches = new WeakMap<FetchCertificate, CertificateCache>()

/**
 * Whether something is signed by the certificate at a URL. The certificate may come from an earlier call with the same
 * function.
 *
 * @param now milliseconds since 1970
 * @throws CallbackError unless the certificate is there, and valid at this time
 */
export function isSignedAt(
  url: URL,
  isSignedBy: (certificate: Certificate) => Promise<boolean>,
  { fetchCertificate, now }: { readonly fetchCertificate: FetchCertificate; readonly now: number },
): Promise<boolean> {
  const cache = caches.get(fetchCertificate) ?? new CertificateCache(fetchCertificate)
  caches.set(fetchCertificate, cache)
  return cache.isSignedAt(url, isSignedBy, now)
}

/** A certificate that has verified something. */
interface Known {
  readonly certificate: Certificate
  /** When it was fetched last, even if that returned no better one. */
  checkedAt: number
}

class CertificateCache {
  readonly #fetchCertificate: FetchCertificate
  readonly #known = new Map<string, Known>()
  readonly #pending = new Map<string, Promise<Certificate>>()

  constructor(fetchCertificate: FetchCertificate) {
    this.#fetchCertificate = fetchCertificate
  }

  async isSignedAt(
    url: URL,
    isSignedBy: (certificate: Certificate) => Promise<boolean>,
    now: number,
  ): Promise<boolean> {
    const known = this.#known.get(url.href)
    if (known !== undefined && !hasExpired(known.certificate, now)) {
      checkValidity(known.certificate, now)
      if (await isSignedBy(known.certificate)) return true
      // It may have been replaced under its URL. A forged message must not cause more than a request per minute.
      if (now - known.checkedAt < MIN_RECHECK_MS) return false
      known.checkedAt = now
    }
    const certificate = await this.#fetch(url)
    checkValidity(certificate, now)
    // A proxy may have put another one in its place.
    if (!(await isSignedBy(certificate))) return false
    this.#keep(url, { certificate, checkedAt: now })
    return true
  }

  #fetch(url: URL): Promise<Certificate> {
    const pending = this.#pending.get(url.href)
    if (pending !== undefined) return pending
    // Forged messages with URLs of their own must not flood SMN.
    if (this.#pending.size >= MAX_PENDING) return Promise.reject(unavailable('too many are being fetched'))
    const fetched = limited(this.#fetchCertificate, url)
      .then(async (pem) => (await loadReader()).readCertificate(pem))
      .finally(() => this.#pending.delete(url.href))
    this.#pending.set(url.href, fetched)
    return fetched
  }

  #keep(url: URL, known: Known): void {
    this.#known.delete(url.href)
    const [oldest] = this.#known.keys()
    if (this.#known.size >= MAX_CERTIFICATES && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(url.href, known)
  }
}

/** The limits also hold for a function of the caller. */
async function limited(fetchCertificate: FetchCertificate, url: URL): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(`no certificate within ${String(TIMEOUT_MS)} ms`))
    }, TIMEOUT_MS)
  })
  try {
    const pem: unknown = await Promise.race([fetchCertificate(url), late])
    if (typeof pem !== 'string') throw unavailable('fetchCertificate returned no text')
    if (pem.length > MAX_BYTES) throw tooLarge()
    return pem
  } catch (error) {
    if (error instanceof CallbackError) throw error
    const { code, message } = plainFailure(error)
    throw unavailable(code ?? message, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function unavailable(why: string, details?: { readonly cause: unknown }): CallbackError {
  return smnError('certificate-unavailable', `the certificate is not available: ${why}`, details)
}

function tooLarge(): CallbackError {
  return smnError('certificate-too-large', `the certificate is larger than ${String(MAX_BYTES)} bytes`)
}
