import { provider as huaweiVod } from '../../generated/huawei-vod/provider.js'
import { provider as tencentCi } from '../../generated/tencent-ci/provider.js'

/** A URL on a production host of the provider; its groups are the variables of the spec's server template. */
export const huaweiHost = hostPattern(huaweiVod.server.url)
export const tencentHost = hostPattern(tencentCi.server.url)

/** With http as well, as a proxy may send requests for the provider's host to the emulator. */
function hostPattern(template: string): RegExp {
  const host = template
    .replace('https://', '')
    .replaceAll('.', '\\.')
    .replace(/\{(\w+)\}/g, '(?<$1>[a-z0-9-]+)')
  return new RegExp(`^https?://${host}(?::\\d+)?/`)
}
