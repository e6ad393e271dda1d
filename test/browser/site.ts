import { readdir, readFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { inject } from 'vitest'

/** The addresses of all pages, such as errors/APIGW.0301.html. */
export async function listPages(): Promise<string[]> {
  const files = await readdir(inject('site'), { recursive: true })
  return files.filter((file) => file.endsWith('.html')).sort()
}

/** One page of each kind. */
export const SAMPLE: readonly string[] = [
  'index.html',
  'guides/waiting-and-recovering.html',
  'operations/index.html',
  'operations/createNoiseReductionJob.html',
  'errors/huawei-vod.html',
  'errors/APIGW.0301.html',
  'states/jobs.html',
  'workflows/recover.html',
  'errata/index.html',
  'api.html',
  'api/cloud-media-clients.html',
  'api/cloud-media-clients/ApiError.html',
  'api/cloud-media-clients/TencentCiClient.html',
  'contract/tencent-ci-noise-reduction.html',
]

export function onDisk(page: string): string {
  return `${pathToFileURL(inject('site')).href}/${page}`
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/** Serves the site below a path. */
export async function serve(): Promise<{ base: string; close: () => void }> {
  const folder = inject('site')
  const server = http.createServer(({ url = '/' }, response) => {
    const file = decodeURIComponent(new URL(url, 'http://localhost').pathname).replace(/^\/sub\/path\//, '')
    readFile(path.join(folder, file)).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port, so the address is an object.
  const { port } = server.address() as AddressInfo
  return { base: `http://127.0.0.1:${String(port)}/sub/path/`, close: () => server.close() }
}
