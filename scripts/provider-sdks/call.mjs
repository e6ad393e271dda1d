// Makes calls with the providers' SDKs in a process of its own: Huawei's prints every failed request with its secrets, and
// writes into the home directory. Each message is a call, and its result is sent back.
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(path.join(process.argv[2], 'package.json'))
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core')
const huawei = require('@huaweicloud/huaweicloud-sdk-vod')
const COS = require('cos-nodejs-sdk-v5')

// The fields of a request are those of the models: a body, or parameters.
const calls = {
  createExtractAudioTask: (client, fields) =>
    client.createExtractAudioTask(Object.assign(new huawei.CreateExtractAudioTaskRequest(), fields)),
  cancelExtractAudioTask: (client, fields) =>
    client.cancelExtractAudioTask(Object.assign(new huawei.CancelExtractAudioTaskRequest(), fields)),
  listAssets: (client, fields) => client.showAssetMeta(Object.assign(new huawei.ShowAssetMetaRequest(), fields)),
  unpublishAssets: (client, fields) =>
    client.unpublishAssets(Object.assign(new huawei.UnpublishAssetsRequest(), fields)),
}

process.on('message', async ({ operation, endpoint, key, request }) => {
  const outcome =
    operation in calls ? callHuawei(operation, endpoint, key, request) : callTencent(endpoint, key, request)
  process.send(await outcome.catch((error) => ({ failed: String(error?.stack ?? error) })))
})

async function callHuawei(operation, endpoint, { projectId, accessKeyId, secretAccessKey, securityToken }, request) {
  const credentials = new BasicCredentials()
    .withAk(accessKeyId)
    .withSk(secretAccessKey)
    .withProjectId(projectId)
    .withSecurityToken(securityToken)
  const client = huawei.VodClient.newBuilder().withCredential(credentials).withEndpoint(endpoint).build()
  try {
    const { httpStatusCode, ...result } = await calls[operation](client, request)
    return { status: httpStatusCode, result }
  } catch (error) {
    return { status: error.httpStatusCode, code: error.errorCode, failed: error.message ?? error.errorMsg }
  }
}

// The SDK has no methods for jobs, but a general one, with which the provider's examples call them.
async function callTencent(endpoint, { secretId, secretKey, sessionToken }, { Key, ...request }) {
  const cos = new COS({ SecretId: secretId, SecretKey: secretKey, SecurityToken: sessionToken })
  try {
    const { statusCode, Response } = await cos.request({ ...request, Key, Url: `${endpoint}/${encodeURI(Key)}` })
    return { status: statusCode, result: Response }
  } catch (error) {
    return { status: error.statusCode, code: error.code, failed: error.message }
  }
}
