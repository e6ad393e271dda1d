import { server as huaweiServer } from '../../generated/huawei-vod/server.js'
import { server as tencentServer } from '../../generated/tencent-ci/server.js'

/** Any URL on a production host of the provider; the groups are the variables of the spec's server template. */
export const huaweiHost = hostPattern(huaweiServer.url)
export const tencentHost = hostPattern(tencentServer.url)

/** http too: a request may come to the emulator under the provider's name. */
function hostPattern(template: string): RegExp {
  const host = template
    .replace('https://', '')
    .replaceAll('.', '\\.')
    .replace(/\{(\w+)\}/g, '(?<$1>[a-z0-9-]+)')
  return new RegExp(`^https?://${host}(?::\\d+)?/`)
}
