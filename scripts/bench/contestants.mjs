// The contestants by service. Each creates one function per operation, which sends it once and resolves with the response.
// Each imports what it needs itself, so that a fresh process of another has no part in the cost.
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { HUAWEI_KEY, polls, PROJECT_ID, samples, TENCENT_KEY } from './samples.mjs'

// The headers of a signed request, so that bare requests have the same size. The server does not check them.
const FIXED_HEADERS = {
  accept: '*/*',
  'user-agent': 'bench',
  'x-project-id': PROJECT_ID,
  'x-sdk-date': '20260101T000000Z',
  authorization: `SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=${'0'.repeat(64)}`,
}

const bare = { 'node:http': overNodeHttp, fetch: overFetch }
const contestants = {
  'huawei-vod': { ours: oursForHuawei, before: oursForHuawei, sdk: huaweiSdk, ...bare },
  'tencent-ci': { ours: oursForTencent, before: oursForTencent, sdk: cosSdk, ...bare },
}

/** The submissions of a contestant. `place` has our build, the folder of the providers' SDKs, and the server. */
export function callsOf({ service, contestant, ...place }) {
  return contestants[service][contestant](place, samples[service])
}

/** The reads of a contestant. */
export function pollsOf({ service, contestant, ...place }) {
  return contestants[service][contestant](place, polls[service])
}

/** One of our entries, as the build has it. */
export function ours(dist, entry) {
  return import(pathToFileURL(path.join(dist, `${entry}.mjs`)).href)
}

/** An SDK of a provider, or a module of it. */
export function sdkModule(folder, name) {
  return createRequire(path.join(folder, 'package.json'))(name)
}

async function oursForHuawei({ dist, endpoint }, operations) {
  const { createHuaweiVodClient } = await ours(dist, 'huawei-vod')
  const client = createHuaweiVodClient({ endpoint, projectId: PROJECT_ID, credentials: HUAWEI_KEY })
  return each(
    operations,
    ({ request }, name) =>
      () =>
        client[name](request),
  )
}

async function oursForTencent({ dist, endpoint }, operations) {
  const { createTencentCiClient } = await ours(dist, 'tencent-ci')
  const client = createTencentCiClient({ endpoint, credentials: TENCENT_KEY })
  return each(
    operations,
    ({ request }, name) =>
      () =>
        client[name](request),
  )
}

function huaweiSdk({ folder, endpoint }, operations) {
  const { BasicCredentials } = sdkModule(folder, '@huaweicloud/huaweicloud-sdk-core')
  const vod = sdkModule(folder, '@huaweicloud/huaweicloud-sdk-vod')
  const credentials = new BasicCredentials()
    .withAk(HUAWEI_KEY.accessKeyId)
    .withSk(HUAWEI_KEY.secretAccessKey)
    .withProjectId(PROJECT_ID)
  const client = vod.VodClient.newBuilder().withCredential(credentials).withEndpoint(endpoint).build()
  const requests = {
    createExtractAudioTask: vod.CreateExtractAudioTaskRequest,
    unpublishAssets: vod.UnpublishAssetsRequest,
  }
  return each(
    operations,
    ({ request, body }, name) =>
      () =>
        body === undefined
          ? client.showAssetMeta(Object.assign(new vod.ShowAssetMetaRequest(), { assetId: request.asset_id }))
          : client[name](Object.assign(new requests[name](), { body: request })),
  )
}

function cosSdk({ folder, endpoint }, operations) {
  const COS = sdkModule(folder, 'cos-nodejs-sdk-v5')
  const cos = new COS({ SecretId: TENCENT_KEY.secretId, SecretKey: TENCENT_KEY.secretKey })
  return each(
    operations,
    ({ path: target, contentType, document }) =>
      () =>
        cos.request({
          Url: `${endpoint}${target}`,
          ...(document === undefined
            ? { Method: 'GET' }
            : // It accepts text only, and has this function to create it.
              { Method: 'POST', Body: COS.util.json2xml(document), Headers: { 'Content-Type': contentType } }),
        }),
  )
}

async function overNodeHttp({ endpoint }, operations) {
  const http = endpoint.startsWith('https:') ? await import('node:https') : await import('node:http')
  const agent = new http.Agent({ keepAlive: true })
  return each(operations, (sample) => {
    const { url, body, method, headers } = wireRequest(endpoint, sample)
    const options = { method, headers, agent }
    return () =>
      new Promise((resolve, reject) => {
        const request = http.request(url, options, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk) => (text += chunk))
          response.on('end', () => resolve(text))
          response.on('error', reject)
        })
        request.on('error', reject)
        request.end(body)
      })
  })
}

function overFetch({ endpoint }, operations) {
  return each(operations, (sample) => {
    const { url, ...options } = wireRequest(endpoint, sample)
    return async () => (await globalThis.fetch(url, options)).text()
  })
}

/** As an application without a client would send it. Created once, as bare requests must be as fast as they can be. */
function wireRequest(endpoint, { path: target, contentType, body }) {
  const url = `${endpoint}${target}`
  if (body === undefined) return { url, method: 'GET', headers: FIXED_HEADERS }
  return { url, method: 'POST', headers: { ...FIXED_HEADERS, 'content-type': contentType }, body }
}

function each(operations, callOf) {
  return Object.fromEntries(Object.entries(operations).map(([name, sample]) => [name, callOf(sample, name)]))
}
