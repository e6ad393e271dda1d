// A gateway that refuses a signature repeats the canonical request as it reads it, with "|" for line breaks
// (API Request Signing Guide, FAQ on 401, APIGW.0301).
const ECHO = 'canonicalRequest:'

/** Where the gateway's canonical request first differs from ours; undefined if the message repeats none. */
export function explainSignatureRefusal(message: string, canonicalRequest: string): string | undefined {
  const at = message.indexOf(ECHO)
  if (at === -1) return undefined
  const theirs = message.slice(at + ECHO.length).split('|')
  const ours = canonicalRequest.split(/[\n|]/)
  const line = ours.findIndex((text, index) => text !== theirs[index])
  if (line === -1) {
    return 'The gateway signs the same canonical request, so the secret access key is not the one of this access key id.'
  }
  return (
    `The gateway reads another canonical request, from line ${String(line + 1)}: ` +
    `we signed "${ours[line] ?? ''}", it read "${theirs[line] ?? ''}". Something changed the request on its way.`
  )
}
