/**
 * A URL of SMN in the region of a topic, as the message has it.
 *
 * @param pattern of the URL; its group `region`, if it takes part, must be the region of the topic
 * @returns undefined for any other URL
 */
export function smnUrl(url: string, pattern: string, topicUrn: string): URL | undefined {
  const [, , region] = topicUrn.split(':')
  const match = new RegExp(pattern, 'u').exec(url)
  if (match === null || (match.groups?.['region'] ?? region) !== region || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  // Otherwise, the request could go elsewhere than the pattern shows.
  return parsed.href === url && parsed.hash === '' ? parsed : undefined
}
