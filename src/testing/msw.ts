import { http, HttpResponse, type HttpHandler } from 'msw'
import type { Emulator } from './emulator.js'
import { huaweiHost, tencentHost } from './hosts.js'

/** MSW handlers with which an emulator responds for the production hosts of both services. */
export function emulatorHandlers(emulator: Pick<Emulator, 'fetch'>): HttpHandler[] {
  return [huaweiHost, tencentHost].map((host) =>
    http.all(host, async ({ request }) => {
      // MSW would respond with 500 if the handler threw.
      return emulator.fetch(request).catch(() => HttpResponse.error())
    }),
  )
}
