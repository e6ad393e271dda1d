// Makes calls with the providers' SDKs in a process of its own: Huawei's prints every failed request with its secrets, and
// writes into the home directory. Each message is a call, and its result is sent back.
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(path.join(process.argv[2], 'package.json'))
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core')
const huawei = require('@huaweicloud/huaweicloud-sdk-vod')
const COS = require('cos-nodejs-sdk-v5')

const calls = {
  createExtractAudioTask: (client, body) =>
    client.createExtractAudioTask(Object.assign(new huawei.CreateExtractAudioTaskRequest(), { body })),
  unpublishAssets: (client, body) =>
    client.unpublishAssets(Object.assign(new huawei.UnpublishAssetsRequest(), { body })),
}

process.on('message', async ({ operation, endpoint, key, body }) => {
  const outcome = operation in calls ? callHuawei(operation, endpoint, key, body) : callTencent(endpoint, key, body)
  process.send(await outcome.catch((error) => ({ failed: String(error?.stack ?? error) })))
})

async function callHuawei(operation, endpoint, { projectId, accessKeyId, secretAccessKey, securityToken }, body) {
  const credentials = new BasicCredentials()
    .withAk(accessKeyId)
    .withSk(secretAccessKey)
    .withProjectId(projectId)
    .withSecurityToken(securityToken)
  const client = huawei.VodClient.newBuilder().withCredential(credentials).withEndpoint(endpoint).build()
  try {
    const { httpStatusCode, ...result } = await calls[operation](client, body)
    return { status: httpStatusCode, result }
  } catch (error) {
    return { status: error.httpStatusCode, code: error.errorCode, failed: error.message ?? error.errorMsg }
  }
}

async function callTencent(endpoint, { secretId, secretKey, sessionToken }, body) {
  const cos = new COS({ SecretId: secretId, SecretKey: secretKey, SecurityToken: sessionToken })
  const headers = { 'Content-Type': 'application/xml' }
  try {
    const { statusCode, Response } = await cos.request({
      Method: 'POST',
      Url: `${endpoint}/jobs`,
      Body: body,
      Headers: headers,
    })
    return { status: statusCode, result: Response }
  } catch (error) {
    return { status: error.statusCode, code: error.code, failed: error.message }
  }
}
