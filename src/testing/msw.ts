import { http, type HttpHandler } from 'msw'
import { server as huaweiServer } from '../../generated/huawei-vod/server.js'
import { server as tencentServer } from '../../generated/tencent-ci/server.js'
import type { Emulator } from './emulator.js'

/** MSW handlers that let an emulator answer for the production hosts of both services. */
export function emulatorHandlers(emulator: Pick<Emulator, 'fetch'>): HttpHandler[] {
  return [huaweiServer.url, tencentServer.url].map((template) =>
    http.all(hostPattern(template), ({ request }) => emulator.fetch(request)),
  )
}

/** Any URL on a host of the spec's server template. */
function hostPattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[a-z0-9-]+')}/`)
}
