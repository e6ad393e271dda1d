// CPU time of one signature, by our signer or a provider's SDK.
import { ours, sdkModule } from './contestants.mjs'
import { timed } from './load.mjs'
import { order, report } from './order.mjs'
import { HUAWEI_KEY, PROJECT_ID, samples, TENCENT_KEY } from './samples.mjs'

const HUAWEI_URL = 'https://vod.cn-north-4.myhuaweicloud.com'
const TENCENT_URL = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com'

const signers = {
  'huawei-vod': { ours: oursForHuawei, sdk: huaweiSdk },
  'tencent-ci': { ours: oursForTencent, sdk: cosSdk },
}

const { service, contestant, count, dist, folder } = order
const sign = await signers[service][contestant]()
await repeat(count)
report(await timed(count, () => repeat(count)))

async function repeat(times) {
  for (let done = 0; done < times; done += 1) await sign()
}

async function oursForHuawei() {
  const { signHuaweiRequest } = await ours(dist, 'huawei-vod')
  const { path, contentType, body } = samples['huawei-vod'].createExtractAudioTask
  const headers = { 'x-project-id': PROJECT_ID, 'content-type': contentType }
  const url = `${HUAWEI_URL}${path}`
  return () => signHuaweiRequest({ method: 'POST', url, headers, body, credentials: HUAWEI_KEY })
}

async function oursForTencent() {
  const { signTencentRequest } = await ours(dist, 'tencent-ci')
  const { path, contentType } = samples['tencent-ci'].createVoiceSeparateJob
  const url = `${TENCENT_URL}${path}`
  const headers = { 'content-type': contentType }
  return () => signTencentRequest({ method: 'POST', url, headers, credentials: TENCENT_KEY })
}

function huaweiSdk() {
  const { AKSKSigner } = sdkModule(folder, '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner')
  const { BasicCredentials } = sdkModule(folder, '@huaweicloud/huaweicloud-sdk-core')
  const credentials = new BasicCredentials().withAk(HUAWEI_KEY.accessKeyId).withSk(HUAWEI_KEY.secretAccessKey)
  const { path, contentType, request } = samples['huawei-vod'].createExtractAudioTask
  const headers = { 'X-Project-Id': PROJECT_ID, 'content-type': contentType }
  const endpoint = `${HUAWEI_URL}${path}`
  return () => AKSKSigner.sign({ method: 'POST', endpoint, headers, queryParams: {}, data: request }, credentials)
}

function cosSdk() {
  const COS = sdkModule(folder, 'cos-nodejs-sdk-v5')
  const { path, contentType } = samples['tencent-ci'].createVoiceSeparateJob
  const Headers = { Host: new URL(TENCENT_URL).host, 'Content-Type': contentType }
  const { secretId: SecretId, secretKey: SecretKey } = TENCENT_KEY
  return () => COS.getAuthorization({ SecretId, SecretKey, Method: 'POST', Key: path, Query: {}, Headers })
}
