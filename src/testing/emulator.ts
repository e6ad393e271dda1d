import { emulateHuaweiVod, isHuaweiVodPath } from './huawei-vod.js'
import { listen, type ListenOptions, type Listening } from './listen.js'
import { emulatorSettings, type EmulatorOptions, type EmulatorSettings } from './options.js'
import { emulateTencentCi } from './tencent-ci.js'

/** A request that arrived, and the status it was answered with. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
}

export interface Emulator {
  /** Answers a request as the provider would. Fits the `fetch` option of the clients. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Serves over HTTP. Needs Node, Bun or Deno. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>
  /** What arrived, oldest first. */
  readonly requests: readonly RecordedRequest[]
  /** The options in force, defaults included. */
  readonly options: EmulatorSettings
}

/** A local stand-in for both services: checks signatures, validates against the spec, answers as the pages show. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const settings = emulatorSettings(options)
  const requests: RecordedRequest[] = []
  const huaweiVod = emulateHuaweiVod(settings)
  const tencentCi = emulateTencentCi(settings)

  async function fetch(request: Request): Promise<Response> {
    const body = await request.clone().text()
    const answer = await (isHuaweiVodPath(new URL(request.url).pathname) ? huaweiVod(request) : tencentCi(request))
    const headers = Object.fromEntries(request.headers)
    requests.push({ method: request.method, url: request.url, headers, body, status: answer.status })
    return answer
  }

  return { fetch, requests, options: settings, listen: (where) => listen(fetch, where) }
}
