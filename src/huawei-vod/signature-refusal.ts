// The message of a rejected signature has the canonical request as the gateway read it, with "|" for line breaks
// (API Request Signing Guide, FAQ on 401, APIGW.0301).
const ECHO = 'canonicalRequest:'

/** Where the gateway's canonical request first differs from the signed one; undefined if the message has none. */
export function explainSignature(message: string, canonicalRequest: string): string | undefined {
  const at = message.indexOf(ECHO)
  if (at === -1) return undefined
  const theirs = message.slice(at + ECHO.length).split('|')
  const ours = canonicalRequest.split(/[\n|]/)
  const line = ours.findIndex((text, index) => text !== theirs[index])
  if (line === -1) {
    return 'The gateway read the same canonical request: the secret access key does not belong to this access key ID.'
  }
  return (
    `The gateway read a different canonical request from line ${String(line + 1)} on: ` +
    `signed "${ours[line] ?? ''}", read "${theirs[line] ?? ''}". Check for a proxy that changes requests.`
  )
}
