import { CallbackError } from '../../errors/callback-error.js'
import { plainError } from '../../sending/failure.js'
import { plainFailure } from '../../transport/failure-reason.js'
import { checkValidity, hasExpired, readCertificate, type Certificate } from './certificate.js'
import { get, isRedirect } from './get.js'
import { smnError } from './smn-error.js'

/** Returns the certificate at a URL, in PEM. */
export type FetchCertificate = (url: URL) => Promise<string>

const TIMEOUT_MS = 3_000
/** Several times the size of a chain. */
const MAX_BYTES = 16 * 2 ** 10
/** Far more than the regions and the keys of a topic. */
const MAX_CERTIFICATES = 32

/** Gets a certificate by the built-in fetch. Follows no redirect, as it could lead to any host. */
export const fetchCertificate: FetchCertificate = async (url) => {
  // Read for each request, as test tools replace it later.
  const fetch = (request: Request): Promise<Response> => globalThis.fetch(request)
  const outcome = await get(url, { fetch, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
  if ('failure' in outcome) throw plainError(outcome.failure, (text) => text)
  const { status, body, isTruncated } = outcome
  if (isRedirect(status)) throw smnError('certificate-redirected', 'the URL of the certificate redirects')
  if (status !== 200) throw unavailable(`status ${String(status)}`)
  if (isTruncated) throw tooLarge()
  return new TextDecoder().decode(body)
}

const caches = new WeakMap<FetchCertificate, CertificateCache>()

/**
 * The certificate at a URL, which may come from an earlier call with the same function.
 *
 * @param now milliseconds since 1970
 * @throws CallbackError unless the certificate is valid at this time
 */
export async function certificateAt(url: URL, fetchCertificate: FetchCertificate, now: number): Promise<Certificate> {
  const cache = caches.get(fetchCertificate) ?? new CertificateCache(fetchCertificate)
  caches.set(fetchCertificate, cache)
  const certificate = await cache.find(url, now)
  checkValidity(certificate, now)
  return certificate
}

class CertificateCache {
  readonly #fetchCertificate: FetchCertificate
  readonly #certificates = new Map<string, Certificate>()
  /** Apart from the others: any number of false URLs displaces no certificate. */
  readonly #pending = new Map<string, Promise<Certificate>>()

  constructor(fetchCertificate: FetchCertificate) {
    this.#fetchCertificate = fetchCertificate
  }

  async find(url: URL, now: number): Promise<Certificate> {
    const known = this.#certificates.get(url.href)
    if (known !== undefined && !hasExpired(known, now)) return known
    const pending = this.#pending.get(url.href) ?? this.#load(url)
    this.#pending.set(url.href, pending)
    return pending
  }

  async #load(url: URL): Promise<Certificate> {
    try {
      const certificate = await readCertificate(await limited(this.#fetchCertificate, url))
      this.#certificates.delete(url.href)
      const [oldest] = this.#certificates.keys()
      if (this.#certificates.size >= MAX_CERTIFICATES && oldest !== undefined) this.#certificates.delete(oldest)
      this.#certificates.set(url.href, certificate)
      return certificate
    } finally {
      this.#pending.delete(url.href)
    }
  }
}

/** The limits also hold for a function of the caller. */
async function limited(fetchCertificate: FetchCertificate, url: URL): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(unavailable(`nothing within ${String(TIMEOUT_MS)} ms`))
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
