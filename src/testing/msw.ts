import { http, HttpResponse, type HttpHandler } from 'msw'
import type { Emulator } from './emulator.js'
import { huaweiHost, tencentHost } from './hosts.js'

/** MSW handlers that let an emulator answer for the production hosts of both services. */
export function emulatorHandlers(emulator: Pick<Emulator, 'fetch'>): HttpHandler[] {
  return [huaweiHost, tencentHost].map((host) =>
    http.all(host, async ({ request }) => {
      // MSW answers 500 when a handler throws; a network error is what it calls this.
      return emulator.fetch(request).catch(() => HttpResponse.error())
    }),
  )
}
