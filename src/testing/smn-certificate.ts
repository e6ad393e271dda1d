import type { Answer, ArrivedRequest } from './exchange.js'
import { createTestCertificate } from './test-certificate.js'

/** The path of every `signing_cert_url`. */
const PATH = /^\/smn\/SMN_[\w-]+\.pem$/

/** The certificate of all messages that the emulator sends through SMN, in PEM. */
export async function smnCertificate(): Promise<string> {
  const { pem } = await createTestCertificate()
  return pem
}

/** What a listening emulator responds at the path of the certificate; undefined for other requests. */
export async function serveCertificate({ url }: ArrivedRequest): Promise<Answer | undefined> {
  if (!PATH.test(url.pathname)) return undefined
  return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: await smnCertificate() }
}
