import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { operations } from '../../generated/tencent-ci/operations.js'
import type { OperationRow } from '../../src/client/operation-row.js'
import { signTencentRequest } from '../../src/tencent-ci/sign.js'
import { xmlBodies } from '../../src/tencent-ci/xml-bodies.js'
import type { Emulator, Listening } from '../../src/testing/index.js'

const rows: readonly OperationRow[] = Object.values(operations)

/**
 * Serves the emulator of Tencent Cloud CI to tools that can neither sign nor read XML. It signs each request, and responds
 * with the body in JSON, as its schema describes it.
 */
export async function listenWithJson(emulator: Emulator): Promise<Listening> {
  const server = createServer((request, response) => {
    void forward(emulator, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server on a port has an object as its address.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function forward(emulator: Emulator, request: IncomingMessage): Promise<{ status: number; body: string }> {
  const { now, tencent } = emulator.options
  const { bucket, region, credentials } = tencent
  const { method = '', url: path = '' } = request
  const url = `https://${bucket}.ci.${region}.myqcloud.com${path}`
  const body = await text(request)
  const { headers } = await signTencentRequest({ method, url, credentials, date: new Date(now()) })
  const response = await emulator.fetch(url, {
    method,
    headers: { ...headers, ...(body !== '' && { 'content-type': request.headers['content-type'] ?? '' }) },
    ...(body !== '' && { body }),
  })
  const operation = emulator.requests.at(-1)?.operation
  const decoded = xmlBodies.decode(
    await response.text(),
    rows.find(({ name }) => name === operation),
  )
  return { status: response.status, body: JSON.stringify('value' in decoded ? decoded.value : decoded) }
}
