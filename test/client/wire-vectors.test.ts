import { expect, it } from 'vitest'
import type { HuaweiVodClient } from '../../src/huawei-vod/index.js'
import type { TencentCiClient } from '../../src/tencent-ci/index.js'
import { useAnswers } from '../support/answering.js'
import { huaweiClient, tencentClient } from '../support/clients.js'

const server = useAnswers()

const JOB = 'j8d121820f5e411ec926ef19d53ba9c6f'
const ASSETS = ['3e1cd21131a94525be55acf65888bf46', '07ba4d46463355e800c2f42f628f0631']
const PROJECT = '/v1.0/0123456789abcdef0123456789abcdef/asset'

// Signed by an independent signer.
it.each<[target: string, signature: string, call: (ci: TencentCiClient) => Promise<unknown>]>([
  [`GET /jobs/${JOB}`, '1dae11574218120fd24ff964e70ac6ac3981b0bd', (ci) => ci.getJobs({ jobIds: [JOB] })],
  [
    `GET /jobs/${JOB},j035aca66f86211ec8a5a87e016101404`,
    '0e286c99b2e08f24fd0f0004bd4db1de1abfa603',
    (ci) => ci.getJobs({ jobIds: [JOB, 'j035aca66f86211ec8a5a87e016101404'] }),
  ],
  [`PUT /jobs/${JOB}?cancel`, '04ad04ff9a132ad6351d760ef066b140582bfdc3', (ci) => ci.cancelJob({ jobId: JOB })],
  [
    'GET /jobs?tag=NoiseReduction&states=Success,Failed&nextToken=a%2Bb%2Fc%3D',
    'd842865470bc64308df5b38f5bdfe4f37b46e6ff',
    (ci) => ci.listJobs({ tag: 'NoiseReduction', states: ['Success', 'Failed'], nextToken: 'a+b/c=' }),
  ],
  [
    'GET /jobs?tag=VoiceSeparate&size=100&startCreationTime=2026-01-01T08%3A00%3A00%2B0800&inputObject=in%2F%E4%BC%9A%E8%AE%AE%201.mp4',
    '6b4c28b5823f38687e6c17fd92fcaddc0ab9bd72',
    (ci) =>
      ci.listJobs({
        tag: 'VoiceSeparate',
        inputObject: 'in/会议 1.mp4',
        startCreationTime: '2026-01-01T08:00:00+0800',
        size: 100,
      }),
  ],
  [
    'GET /asrqueue?pageNumber=1&pageSize=10',
    '50b7196b610ed6ba630f182643351bb5ac3a5c03',
    (ci) => ci.listAudioQueues({ pageNumber: 1, pageSize: 10 }),
  ],
  [
    'GET /queue?category=CateAll',
    'f3b325d1461ad1d71b02ce45b71688b315a1aa68',
    (ci) => ci.listQueues({ category: 'CateAll' }),
  ],
])('Tencent: %s has the published signature', async (target, signature, call) => {
  // A cancellation has no body.
  const body = target.startsWith('GET') ? '<Response/>' : ''
  const sent = server.answer({ status: 200, contentType: 'application/xml', body })
  await call(tencentClient())
  expect(sent.map(({ method, url, body }) => [`${method} ${targetOf(url)}`, body])).toEqual([[target, '']])
  expect(sent[0]?.headers.get('authorization')).toContain(`&q-signature=${signature}`)
})

it.each<[target: string, signature: string, status: number, call: (vod: HuaweiVodClient) => Promise<unknown>]>([
  [
    `GET ${PROJECT}/info?asset_id=${String(ASSETS[0])}`,
    '1c8e9b171fe7dccd30b283b4eec63fb883d6818d155c2a550c7f66967aceddf3',
    200,
    (vod) => vod.listAssets({ asset_id: ASSETS.slice(0, 1) }),
  ],
  [
    `GET ${PROJECT}/info?asset_id=${ASSETS.join('&asset_id=')}`,
    'fb9f3914cb254ebe32a988c315f7818527b770e5447f99398012ea526eac4ade',
    200,
    (vod) => vod.listAssets({ asset_id: ASSETS }),
  ],
  [
    `DELETE ${PROJECT}/extract_audio?asset_id=${String(ASSETS[0])}`,
    'ec461e747eefbaf5751d5a30c6b089a5c6168579395412c4c0e1ca1816e02058',
    204,
    (vod) => vod.cancelExtractAudioTask({ asset_id: String(ASSETS[0]) }),
  ],
])('Huawei: %s has the published signature', async (target, signature, status, call) => {
  const sent = server.answer({
    status,
    contentType: 'application/json',
    body: status === 204 ? '' : '{"asset_info_array":[]}',
  })
  await call(huaweiClient())
  expect(sent.map(({ method, url, body }) => [`${method} ${targetOf(url)}`, body])).toEqual([[target, '']])
  expect(sent[0]?.headers.get('authorization')).toContain(`Signature=${signature}`)
})

function targetOf(url: string): string {
  return url.slice(new URL(url).origin.length)
}
