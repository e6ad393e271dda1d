/** What the client must make of an answer. */
export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  /** A result with this id, the rest of it being too odd to compare. */
  | { readonly kind: 'result with id'; readonly id: string }
  | {
      readonly kind: 'ApiError'
      readonly code: string | undefined
      readonly mayHaveRun: boolean
      readonly requestId?: string
      readonly traceId?: string
    }
  /** Always one that may have run. */
  | { readonly kind: 'UnexpectedResponseError'; readonly ids: readonly string[]; readonly requestId?: string }

interface Extra {
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes of each chunk; the whole body in one if absent. */
  readonly chunk?: number
}

export interface CorpusAnswer extends Extra {
  readonly name: string
  readonly call: 'createExtractAudioTask' | 'unpublishAssets' | 'createVoiceSeparateJob' | 'createNoiseReductionJob'
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly outcome: Outcome
}

type Row = (name: string, status: number, body: CorpusAnswer['body'], outcome: Outcome, extra?: Extra) => CorpusAnswer

function rowsOf(call: CorpusAnswer['call'], contentType: string): Row {
  return (name, status, body, outcome, extra) => ({ name, call, status, contentType, body, outcome, ...extra })
}

const extract = rowsOf('createExtractAudioTask', 'application/json')
const unpublish = rowsOf('unpublishAssets', 'application/json')
const voice = rowsOf('createVoiceSeparateJob', 'application/xml')
const noise = rowsOf('createNoiseReductionJob', 'application/xml')

function result(value: unknown): Outcome {
  return { kind: 'result', value }
}

function unexpected(...ids: string[]): Outcome {
  return { kind: 'UnexpectedResponseError', ids }
}

/** A refusal: nothing ran. */
function refused(code: string, ids: { requestId?: string; traceId?: string } = {}): Outcome {
  return { kind: 'ApiError', code, mayHaveRun: false, ...ids }
}

/** An error after which something may have run. */
function failed(code: string | undefined, ids: { requestId?: string; traceId?: string } = {}): Outcome {
  return { kind: 'ApiError', code, mayHaveRun: true, ...ids }
}

/** Text and bytes in one body; bytes are not UTF-8 unless they happen to be. */
function bytes(...parts: (string | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : [...part])))
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'utf16le'))
}

const TASK = '{"asset_id":"a1","audio_asset_id":"5412"}'
const TASK_VALUE = { asset_id: 'a1', audio_asset_id: '5412' }
const HTML =
  '<!DOCTYPE html>\r\n<html><head><title>Bad\tgateway</title></head><body>\u0000\u001b[31m&nbsp;</body></html>'
const MEBIBYTE = 1024 * 1024
/** "中文" in GBK. */
const GBK = [0xd6, 0xd0, 0xce, 0xc4]

const huaweiBodies: CorpusAnswer[] = [
  extract('a task', 202, TASK, result(TASK_VALUE)),
  extract('a task in chunks', 202, TASK, result(TASK_VALUE), { chunk: 7 }),
  extract('a task under 200', 200, TASK, result(TASK_VALUE)),
  extract('a task under 201', 201, TASK, result(TASK_VALUE)),
  extract('a task of the essential alone', 202, '{"audio_asset_id":"5412"}', result({ audio_asset_id: '5412' })),
  extract('a task as text/html', 202, TASK, result(TASK_VALUE), { contentType: 'text/html' }),
  extract('a task as text/plain in GBK', 202, TASK, result(TASK_VALUE), { contentType: 'text/plain; charset=gbk' }),
  extract('a task as XML', 202, TASK, result(TASK_VALUE), { contentType: 'application/xml' }),
  extract('a task that is said to be packed', 202, TASK, result(TASK_VALUE), {
    headers: { 'content-encoding': 'gzip', 'content-length': '3' },
  }),
  extract('a task under 500', 500, TASK, unexpected('5412')),
  extract('a task under 302', 302, TASK, unexpected('5412'), { headers: { location: 'https://example.com/' } }),
  extract('a byte order mark', 202, `\uFEFF${TASK}`, result(TASK_VALUE)),
  extract('a byte order mark in chunks', 202, `\uFEFF${TASK}`, result(TASK_VALUE), { chunk: 2 }),
  extract('two byte order marks', 202, `\uFEFF\uFEFF${TASK}`, unexpected('5412')),
  extract('white space around', 202, `\r\n ${TASK}\n\t`, result(TASK_VALUE)),
  extract(
    'text of several bytes in chunks',
    202,
    '{"audio_asset_id":"5412","t":"中文😀é中文"}',
    result({ audio_asset_id: '5412', t: '中文😀é中文' }),
    { chunk: 7 },
  ),
  extract('nothing', 202, '', unexpected()),
  extract('204', 204, '', unexpected()),
  extract('white space only', 202, ' \r\n', unexpected()),
  extract('no JSON', 202, 'accepted', unexpected()),
  extract('single quotes', 202, "{'audio_asset_id':'5412'}", unexpected()),
  extract('a string', 202, '"audio"', unexpected()),
  extract('a number', 202, '5412', unexpected()),
  extract('null', 202, 'null', unexpected()),
  extract('true', 202, 'true', unexpected()),
  extract('an array', 202, `[${TASK}]`, unexpected('5412')),
  extract('an empty object', 202, '{}', unexpected()),
  extract('cut after the id', 202, '{"audio_asset_id":"5412","asset_id":"a', unexpected('5412')),
  extract('cut before the id', 202, '{"asset_id":"a1","audio_ass', unexpected()),
  extract('two documents', 202, `${TASK}${TASK}`, unexpected('5412')),
  extract('HTML under 200', 200, HTML, unexpected()),
  extract('HTML under 202, in chunks', 202, HTML, unexpected(), { contentType: 'text/html', chunk: 7 }),
  extract('HTML under 502', 502, HTML, unexpected(), { contentType: 'text/html' }),
  extract('a long page, the excerpt cut in a character', 502, `x${'😀'.repeat(400)}`, unexpected()),
  extract('XML', 202, '<Response><audio_asset_id>5412</audio_asset_id></Response>', unexpected('5412')),
  extract('an XML error', 400, '<Error><Code>VOD.10053</Code></Error>', unexpected()),
  extract('NUL bytes after the document', 202, `${TASK}\0\0`, unexpected('5412')),
  extract('NUL bytes only', 202, '\0\0\0', unexpected()),
  extract('a NUL byte in a string', 202, '{"audio_asset_id":"54\u000012"}', {
    kind: 'UnexpectedResponseError',
    ids: ['54'],
  }),
  extract('UTF-16 with its mark', 202, bytes([0xff, 0xfe], [...utf16(TASK)]), unexpected()),
  extract('UTF-16 without a mark', 202, utf16(TASK), unexpected()),
  extract(
    'invalid UTF-8 after the id',
    202,
    bytes('{"audio_asset_id":"5412","t":"', [0xc3, 0x28], '"}'),
    unexpected('5412'),
  ),
  extract('the same in chunks', 202, bytes('{"audio_asset_id":"5412","t":"', [0xff], '"}'), unexpected('5412'), {
    chunk: 7,
  }),
  extract('a character cut at the end', 202, bytes(TASK, [0xe4, 0xb8]), unexpected('5412')),
  extract('GBK before the id', 202, bytes('{"t":"', GBK, '","audio_asset_id":"5412"}'), unexpected('5412')),
  extract('over 1 MiB at once', 202, `{"audio_asset_id":"5412","t":"${'x'.repeat(MEBIBYTE)}"}`, unexpected('5412')),
  extract('over 1 MiB in chunks', 202, `{"audio_asset_id":"5412","t":"${'x'.repeat(MEBIBYTE)}"}`, unexpected('5412'), {
    chunk: 65_536,
  }),
  extract('1 MiB and no more', 202, TASK.padEnd(MEBIBYTE), result(TASK_VALUE)),
  extract('no audio_asset_id', 202, '{"asset_id":"a1"}', unexpected()),
  extract('an empty audio_asset_id', 202, '{"audio_asset_id":"","asset_id":"a1"}', unexpected()),
  extract('a blank audio_asset_id', 202, '{"audio_asset_id":" "}', unexpected()),
  extract('audio_asset_id null', 202, '{"audio_asset_id":null}', unexpected()),
  extract('audio_asset_id false', 202, '{"audio_asset_id":false}', unexpected()),
  extract('audio_asset_id a number', 202, '{"audio_asset_id":5412}', unexpected('5412')),
  extract('audio_asset_id an object', 202, '{"audio_asset_id":{"id":"5412"}}', unexpected()),
  extract('another field whose name ends so', 202, '{"old_audio_asset_id":"77"}', unexpected()),
  extract('the id one level down', 202, '{"data":{"audio_asset_id":"5412"}}', unexpected('5412')),
  extract(
    'a key twice: the last counts',
    202,
    '{"audio_asset_id":"1","audio_asset_id":"2"}',
    result({ audio_asset_id: '2' }),
  ),
  extract('__proto__ with the id', 202, '{"__proto__":{"audio_asset_id":"5412"}}', unexpected('5412')),
  extract(
    '__proto__ with an error',
    202,
    '{"__proto__":{"error_code":"VOD.10053"},"audio_asset_id":"5412"}',
    result(JSON.parse('{"__proto__":{"error_code":"VOD.10053"},"audio_asset_id":"5412"}')),
  ),
  extract(
    'constructor and toString',
    202,
    '{"audio_asset_id":"5412","constructor":1,"toString":null}',
    result({ audio_asset_id: '5412', constructor: 1, toString: null }),
  ),
  extract(
    'nested 500 deep',
    202,
    `{"audio_asset_id":"5412","n":${'['.repeat(500)}${']'.repeat(500)}}`,
    result(JSON.parse(`{"audio_asset_id":"5412","n":${'['.repeat(500)}${']'.repeat(500)}}`)),
  ),
  extract('nested 200,000 deep', 202, `{"audio_asset_id":"5412","n":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, {
    kind: 'result with id',
    id: '5412',
  }),
  extract(
    'a lone surrogate',
    202,
    '{"audio_asset_id":"5412","t":"\\ud800"}',
    result({ audio_asset_id: '5412', t: '\ud800' }),
  ),
  extract(
    'asset_id a number, new fields',
    202,
    '{"audio_asset_id":"5412","asset_id":7,"new":{"a":[1]}}',
    result({ audio_asset_id: '5412', asset_id: 7, new: { a: [1] } }),
  ),
  extract(
    'error fields that are null',
    202,
    '{"audio_asset_id":"5412","error_code":null,"error_msg":null}',
    result({ audio_asset_id: '5412', error_code: null, error_msg: null }),
  ),
  extract(
    'error fields that are empty',
    202,
    '{"audio_asset_id":"5412","error_code":"","error_msg":""}',
    result({ audio_asset_id: '5412', error_code: '', error_msg: '' }),
  ),
  unpublish('no assets', 200, '{"asset_info_array":[]}', result({ asset_info_array: [] })),
  unpublish('assets under 202', 202, '{"asset_info_array":[]}', result({ asset_info_array: [] })),
  unpublish('no asset_info_array', 200, '{}', unexpected()),
  unpublish('asset_info_array null', 200, '{"asset_info_array":null}', unexpected()),
  unpublish('asset_info_array an object', 200, '{"asset_info_array":{}}', unexpected()),
  unpublish('204', 204, '', unexpected()),
  unpublish('an empty item', 200, '{"asset_info_array":[{}]}', result({ asset_info_array: [{}] })),
  unpublish(
    'NOASSET and a new status',
    200,
    '{"asset_info_array":[{"asset_id":"a","status":"NOASSET"},{"asset_id":"b","status":"DREAMING"}]}',
    result({
      asset_info_array: [
        { asset_id: 'a', status: 'NOASSET' },
        { asset_id: 'b', status: 'DREAMING' },
      ],
    }),
  ),
  unpublish(
    'numbers for text and the reverse',
    200,
    '{"asset_info_array":[{"asset_id":1,"status":2,"base_info":{"title":3,"size":"4"}}]}',
    result({ asset_info_array: [{ asset_id: 1, status: 2, base_info: { title: 3, size: '4' } }] }),
  ),
  unpublish(
    'null in every place',
    200,
    '{"asset_info_array":[{"asset_id":null,"base_info":null,"play_info_array":null}]}',
    result({ asset_info_array: [{ asset_id: null, base_info: null, play_info_array: null }] }),
  ),
  unpublish(
    'numbers past the safe ones',
    200,
    '{"asset_info_array":[{"base_info":{"category_id":9223372036854775807}}]}',
    result({ asset_info_array: [{ base_info: { category_id: 2 ** 63 } }] }),
  ),
  unpublish(
    'new fields',
    200,
    '{"total":1,"asset_info_array":[{"new":[]}]}',
    result({ total: 1, asset_info_array: [{ new: [] }] }),
  ),
  // The type promises objects: whoever reads a field of null would fail outside of the client.
  unpublish('an item that is null', 200, '{"asset_info_array":[{},null]}', unexpected()),
]

const huaweiErrors: CorpusAnswer[] = [
  extract('a refusal', 400, '{"error_code":"VOD.10053","error_msg":"bad"}', refused('VOD.10053')),
  extract('a refusal in chunks', 400, '{"error_code":"VOD.10053","error_msg":"不"}', refused('VOD.10053'), {
    chunk: 7,
  }),
  extract('a refusal as HTML', 400, '{"error_code":"VOD.10053"}', refused('VOD.10053'), { contentType: 'text/html' }),
  extract('only a code', 400, '{"error_code":"VOD.10053"}', refused('VOD.10053')),
  extract('only a message', 400, '{"error_msg":"bad"}', failed(undefined)),
  extract('an empty code', 400, '{"error_code":"","error_msg":"bad"}', failed(undefined)),
  extract('a code that is an object', 400, '{"error_code":{},"error_msg":"bad"}', failed(undefined)),
  extract('a code that is a number', 400, '{"error_code":10053,"error_msg":"bad"}', failed('10053')),
  extract('a message that is a number', 400, '{"error_code":"VOD.10053","error_msg":7}', refused('VOD.10053')),
  extract('a refusal under 200', 200, '{"error_code":"VOD.10053","error_msg":"bad"}', refused('VOD.10053')),
  extract('a refusal under 500', 500, '{"error_code":"VOD.10053","error_msg":"bad"}', failed('VOD.10053')),
  extract('a refusal under 302', 302, '{"error_code":"VOD.10053"}', failed('VOD.10053'), {
    headers: { location: '/x' },
  }),
  extract('an inner error under 403', 403, '{"error_code":"VOD.10051"}', failed('VOD.10051')),
  extract('an inner error under 200', 200, '{"error_code":"VOD.10052"}', failed('VOD.10052')),
  extract('a new code', 400, '{"error_code":"VOD.99999"}', failed('VOD.99999')),
  extract('a new code under 503', 503, '{"error_code":"VOD.99999"}', failed('VOD.99999')),
  extract('a code named toString', 400, '{"error_code":"toString"}', failed('toString')),
  extract('a code named __proto__', 400, '{"error_code":"__proto__"}', failed('__proto__')),
  extract(
    'of the gateway, its id in both places',
    401,
    '{"error_code":"APIGW.0301","error_msg":"m","request_id":"body"}',
    refused('APIGW.0301', { requestId: 'head' }),
    { headers: { 'X-Request-Id': 'head' } },
  ),
  extract(
    'of the gateway, its id in the body',
    401,
    '{"error_code":"APIGW.0301","error_msg":"m","request_id":"body"}',
    refused('APIGW.0301', { requestId: 'body' }),
  ),
  extract(
    'of the gateway, an empty header',
    401,
    '{"error_code":"APIGW.0301","error_msg":"m","request_id":"body"}',
    refused('APIGW.0301', { requestId: 'body' }),
    { headers: { 'X-Request-Id': '' } },
  ),
  extract(
    'of the gateway, an id that is a number',
    401,
    '{"error_code":"APIGW.0301","request_id":5}',
    refused('APIGW.0301', { requestId: '5' }),
  ),
  extract(
    'of the gateway, too slow',
    504,
    '{"error_code":"APIGW.0201","error_msg":"Backend timeout"}',
    failed('APIGW.0201'),
  ),
  ...[301, 303, 307, 308].map((status) =>
    extract(`${String(status)} without a document`, status, '', unexpected(), {
      headers: { location: 'https://example.com/' },
    }),
  ),
  extract('304', 304, '', unexpected()),
  ...[401, 403, 404, 405, 413, 429, 500, 501, 502, 503, 504].map((status) =>
    extract(
      `${String(status)} without a document`,
      status,
      `<html>${String(status)}</html>`,
      { kind: 'UnexpectedResponseError', ids: [], requestId: 'head' },
      { contentType: 'text/html', headers: { 'X-Request-Id': 'head' } },
    ),
  ),
  extract('an object that is no error document', 404, '{"message":"no route"}', unexpected()),
  unpublish('a refusal of unpublishing', 400, '{"error_code":"VOD.10053"}', refused('VOD.10053')),
]

function job(inside: string): string {
  return `<Response><JobsDetail>${inside}</JobsDetail></Response>`
}

const JOB = job('<JobId>j1</JobId><State>Submitted</State>')
const JOB_VALUE = { JobId: 'j1', State: 'Submitted' }
const ID = '<JobId>j1</JobId>'
const LAUGHS = `<!DOCTYPE r [<!ENTITY a "ha">${Array.from('bcdefghij', (name, index) => `<!ENTITY ${name} "${`&${'abcdefghi'.charAt(index)};`.repeat(10)}">`).join('')}]>`

const tencentBodies: CorpusAnswer[] = [
  noise('a job', 200, JOB, result(JOB_VALUE)),
  voice('a job', 200, JOB, result(JOB_VALUE)),
  noise('a job in chunks', 200, JOB, result(JOB_VALUE), { chunk: 7 }),
  noise('a job under 202', 202, JOB, result(JOB_VALUE)),
  noise('a job as text/html', 200, JOB, result(JOB_VALUE), { contentType: 'text/html; charset=gbk' }),
  noise('a job as JSON', 200, JOB, result(JOB_VALUE), { contentType: 'application/json' }),
  noise(
    'a job under 500',
    500,
    JOB,
    { kind: 'UnexpectedResponseError', ids: ['j1'], requestId: 'head' },
    { headers: { 'x-ci-request-id': 'head' } },
  ),
  noise('a job under 404', 404, JOB, unexpected('j1')),
  noise('JSON', 200, '{"Response":{"JobsDetail":[{"JobId":"j1"}]}}', unexpected('j1')),
  noise('nothing', 200, '', unexpected()),
  noise('204', 204, '', unexpected()),
  noise('white space', 200, ' \n', unexpected()),
  noise('text', 200, 'ok', unexpected()),
  noise('HTML', 200, HTML, unexpected(), { contentType: 'text/html' }),
  noise('HTML that is XML', 200, '<html><body>Sorry</body></html>', unexpected()),
  noise('no job', 200, '<Response/>', unexpected()),
  noise(
    'two jobs',
    200,
    `<Response><JobsDetail>${ID}</JobsDetail><JobsDetail><JobId>j2</JobId></JobsDetail></Response>`,
    unexpected('j1', 'j2'),
  ),
  noise('an empty JobsDetail', 200, '<Response><JobsDetail/></Response>', unexpected()),
  noise(
    'an empty job beside a good one',
    200,
    `<Response><JobsDetail/><JobsDetail>${ID}</JobsDetail></Response>`,
    unexpected('j1'),
  ),
  noise('JobsDetail as text', 200, '<Response><JobsDetail>j1</JobsDetail></Response>', unexpected()),
  noise('a job without JobId', 200, job('<State>Submitted</State>'), unexpected()),
  noise('a job with an empty JobId', 200, job('<JobId></JobId><State>Submitted</State>'), unexpected()),
  noise('a job with a blank JobId', 200, job('<JobId> \n </JobId>'), unexpected()),
  noise('JobId as container', 200, job('<JobId><A>1</A></JobId>'), unexpected()),
  noise('JobId twice', 200, job(`${ID}<JobId>j2</JobId>`), result({ JobId: 'j1', '@unexpected': { JobId: ['j2'] } })),
  noise('another element whose name ends so', 200, job('<ParentJobId>p1</ParentJobId>'), unexpected()),
  noise('JobId in lower case', 200, job('<jobid>j1</jobid>'), unexpected()),
  noise('a new state', 200, job(`${ID}<State>Dreaming</State>`), result({ JobId: 'j1', State: 'Dreaming' })),
  noise('an empty state', 200, job(`${ID}<State/>`), result({ JobId: 'j1', State: '' })),
  noise(
    'State twice',
    200,
    job(`${ID}<State>A</State><State>B</State>`),
    result({ JobId: 'j1', State: 'A', '@unexpected': { State: ['B'] } }),
  ),
  noise(
    'a known element of another shape',
    200,
    job(`${ID}<Input>x</Input><Tag><A/></Tag>`),
    result({ JobId: 'j1', '@unexpected': { Input: ['x'], Tag: [{ A: '' }] } }),
  ),
  noise(
    'Input twice',
    200,
    job(`${ID}<Input><Object>a</Object></Input><Input><Object>b</Object></Input>`),
    result({ JobId: 'j1', Input: { Object: 'a' }, '@unexpected': { Input: [{ Object: 'b' }] } }),
  ),
  noise(
    'Code and Message in the job',
    200,
    job(`<Code>Success</Code><Message/>${ID}`),
    result({ Code: 'Success', Message: '', JobId: 'j1' }),
  ),
  noise(
    'new elements',
    200,
    `<Response><RequestId>r</RequestId><JobsDetail>${ID}<New><A>1</A><A>2</A></New></JobsDetail></Response>`,
    result({ JobId: 'j1', New: { A: ['1', '2'] } }),
  ),
  noise(
    'text that looks like numbers',
    200,
    job(`${ID}<Progress>007</Progress><StartTime>-</StartTime>`),
    result({ JobId: 'j1', Progress: '007', StartTime: '-' }),
  ),
  noise(
    'attributes',
    200,
    `<Response v="1"><JobsDetail n='2'><JobId t="s">j1</JobId></JobsDetail></Response>`,
    result({ JobId: 'j1' }),
  ),
  noise('an id with an attribute, cut', 200, '<Response><JobsDetail><JobId t="s">j1</JobId><Sta', unexpected('j1')),
  noise(
    'a default namespace',
    200,
    `<Response xmlns="urn:x"><JobsDetail>${ID}</JobsDetail></Response>`,
    result({ JobId: 'j1' }),
  ),
  noise(
    'a prefix on all',
    200,
    '<c:Response xmlns:c="urn:x"><c:JobsDetail><c:JobId>j1</c:JobId></c:JobsDetail></c:Response>',
    unexpected('j1'),
  ),
  noise(
    'a prefix on a new element',
    200,
    job(`${ID}<c:New xmlns:c="urn:x">1</c:New>`),
    result({ JobId: 'j1', 'c:New': '1' }),
  ),
  noise(
    'CDATA',
    200,
    job('<JobId><![CDATA[j1]]></JobId><Message><![CDATA[<a>&amp;]]></Message>'),
    result({ JobId: 'j1', Message: '<a>&amp;' }),
  ),
  noise('an id in CDATA, cut', 200, '<Response><JobsDetail><JobId><![CDATA[j1]]></JobId><Sta', unexpected('j1')),
  noise(
    'comments',
    200,
    `<!-- a --><Response><!-- <JobsDetail/> --><JobsDetail>${ID}<!----></JobsDetail></Response><!-- z -->`,
    result({ JobId: 'j1' }),
  ),
  noise('a job in a comment only', 200, `<Response><!--${ID}--></Response>`, {
    kind: 'UnexpectedResponseError',
    ids: ['j1'],
  }),
  noise(
    'entities',
    200,
    job(`${ID}<Message>&lt;&amp;&#65;&#x4e2d;&quot;&apos;&gt;</Message>`),
    result({ JobId: 'j1', Message: '<&A中"\'>' }),
  ),
  noise(
    'an entity that is escaped twice',
    200,
    job(`${ID}<Message>&amp;lt;&amp;#65;</Message>`),
    result({ JobId: 'j1', Message: '&lt;&#65;' }),
  ),
  noise('an unknown entity', 200, job(`${ID}<Message>&nbsp;</Message>`), unexpected('j1')),
  noise('a forbidden reference', 200, job(`${ID}<Message>&#0;</Message>`), unexpected('j1')),
  noise('a document type', 200, `<!DOCTYPE Response>${JOB}`, unexpected('j1')),
  noise(
    'an outer entity',
    200,
    `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${job('<JobId>&x;</JobId>')}`,
    unexpected(),
  ),
  noise('a billion laughs', 200, `${LAUGHS}${job('<JobId>&j;</JobId>')}`, unexpected()),
  noise('a processing instruction', 200, `<?xml-stylesheet href="x"?>${JOB}`, unexpected('j1')),
  noise('a declaration', 200, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${JOB}`, result(JOB_VALUE)),
  noise(
    'a declaration after a byte order mark',
    200,
    `\uFEFF<?xml version='1.0' encoding='utf-8' ?>${JOB}`,
    result(JOB_VALUE),
  ),
  noise('two byte order marks', 200, `\uFEFF\uFEFF${JOB}`, unexpected('j1')),
  noise('a declaration in upper case', 200, `<?XML VERSION="1.0"?>${JOB}`, unexpected('j1')),
  noise('a second declaration', 200, `<?xml version="1.0"?><?xml version="1.0"?>${JOB}`, unexpected('j1')),
  noise('white space before the declaration', 200, `\n<?xml version="1.0"?>${JOB}`, unexpected('j1')),
  noise(
    'GBK as it is declared',
    200,
    bytes(
      '<?xml version="1.0" encoding="GBK"?><Response><JobsDetail><JobId>j1</JobId><Message>',
      GBK,
      '</Message></JobsDetail></Response>',
    ),
    unexpected('j1'),
  ),
  noise('GBK that is declared only', 200, `<?xml version="1.0" encoding="GBK"?>${JOB}`, unexpected('j1')),
  noise(
    'invalid UTF-8 in chunks',
    200,
    bytes('<Response><JobsDetail><JobId>j1</JobId><State>', [0x80], '</State></JobsDetail></Response>'),
    unexpected('j1'),
    { chunk: 7 },
  ),
  noise('UTF-16', 200, bytes([0xff, 0xfe], [...utf16(JOB)]), unexpected()),
  noise('a NUL byte', 200, `${JOB}\0`, unexpected('j1')),
  noise(
    'text of several bytes in chunks',
    200,
    job(`${ID}<Message>中文😀</Message>`),
    result({ JobId: 'j1', Message: '中文😀' }),
    { chunk: 7 },
  ),
  noise('over 1 MiB at once', 200, job(`${ID}<Message>${'x'.repeat(MEBIBYTE)}</Message>`), unexpected('j1')),
  noise('text before the root', 200, `ok ${JOB}`, unexpected('j1')),
  noise('text after the root', 200, `${JOB} ok`, unexpected('j1')),
  noise('two roots', 200, `${JOB}${JOB}`, unexpected('j1')),
  noise('text beside elements', 200, job(`${ID}text`), unexpected('j1')),
  noise('a cut document', 200, '<Response><JobsDetail><JobId>j1</Jo', unexpected('j1')),
  noise('an end tag of another case', 200, `<Response><JobsDetail>${ID}</jobsdetail></Response>`, unexpected('j1')),
  noise('an element named toString', 200, job(`${ID}<toString>1</toString>`), result({ JobId: 'j1', toString: '1' })),
  noise(
    'an element named constructor',
    200,
    job(`${ID}<constructor>1</constructor>`),
    result({ JobId: 'j1', constructor: '1' }),
  ),
  noise(
    'an element named __proto__',
    200,
    job(`${ID}<__proto__><JobId>j2</JobId></__proto__>`),
    result(JSON.parse('{"JobId":"j1","__proto__":{"JobId":"j2"}}')),
  ),
  noise('nested 70 deep', 200, job(`${ID}${'<N>'.repeat(70)}${'</N>'.repeat(70)}`), unexpected('j1')),
  noise('nested 100,000 deep', 200, job(`${ID}${'<N>'.repeat(100_000)}${'</N>'.repeat(100_000)}`), unexpected('j1')),
  noise(
    'white space everywhere',
    200,
    '\n<Response >\n <JobsDetail\t>\r\n  <JobId >j1</JobId >\n <Input>\n <Object>a b </Object>\n </Input>\n <New>\n <A>1</A>\n </New>\n </JobsDetail>\n</Response\n>\n',
    result({ JobId: 'j1', Input: { Object: 'a b ' }, New: { A: '1' } }),
  ),
  noise('a root in lower case', 200, `<response><JobsDetail>${ID}</JobsDetail></response>`, unexpected('j1')),
]

const TENCENT_HEAD = { 'x-ci-request-id': 'head', 'x-ci-trace-id': 'trace' }

const tencentErrors: CorpusAnswer[] = [
  noise(
    'of CI',
    400,
    '<Error><Code>InvalidArgument</Code><Message>bad</Message></Error>',
    refused('InvalidArgument', { requestId: 'head', traceId: 'trace' }),
    { headers: TENCENT_HEAD },
  ),
  voice(
    'of COS',
    403,
    '<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>m</Message><StringToSign>s</StringToSign><Resource>/jobs</Resource><RequestId>body</RequestId><TraceId>bt</TraceId></Error>',
    refused('SignatureDoesNotMatch', { requestId: 'body', traceId: 'bt' }),
  ),
  noise(
    'of COS, ids in both places',
    403,
    '<Error><Code>AccessDenied</Code><RequestId>body</RequestId><TraceId>bt</TraceId></Error>',
    refused('AccessDenied', { requestId: 'head', traceId: 'trace' }),
    { headers: TENCENT_HEAD, chunk: 7 },
  ),
  noise(
    'of COS, empty headers',
    403,
    '<Error><Code>AccessDenied</Code><RequestId>body</RequestId><TraceId>bt</TraceId></Error>',
    refused('AccessDenied', { requestId: 'body', traceId: 'bt' }),
    { headers: { 'x-ci-request-id': '', 'x-ci-trace-id': '' } },
  ),
  noise(
    'with empty ids',
    403,
    '<Error><Code>AccessDenied</Code><RequestId/><TraceId/></Error>',
    refused('AccessDenied'),
  ),
  noise('under 200', 200, '<Error><Code>InvalidArgument</Code></Error>', refused('InvalidArgument')),
  noise('as JSON', 400, '<Error><Code>InvalidArgument</Code></Error>', refused('InvalidArgument'), {
    contentType: 'application/json',
  }),
  noise(
    'with white space everywhere',
    400,
    '\n<Error>\n <Code>InvalidArgument</Code>\n</Error>\n',
    refused('InvalidArgument'),
  ),
  noise('with CDATA', 400, '<Error><Code><![CDATA[InvalidArgument]]></Code></Error>', refused('InvalidArgument')),
  noise('an empty Code', 400, '<Error><Code/><Message>m</Message></Error>', failed(undefined)),
  noise('Code as container', 400, '<Error><Code><A>InvalidArgument</A></Code></Error>', failed(undefined)),
  noise('Code twice', 400, '<Error><Code>InvalidArgument</Code><Code>InternalError</Code></Error>', failed(undefined)),
  noise('only a Message', 400, '<Error><Message>m</Message></Error>', failed(undefined)),
  noise('an empty Error', 400, '<Error/>', failed(undefined)),
  noise('an Error of text', 400, '<Error>bad</Error>', failed(undefined)),
  noise('a new Code', 400, '<Error><Code>BrandNew</Code><New/></Error>', failed('BrandNew')),
  noise('a Code named constructor', 400, '<Error><Code>constructor</Code></Error>', failed('constructor')),
  noise('a refusal under 500', 500, '<Error><Code>InvalidArgument</Code></Error>', failed('InvalidArgument')),
  noise('a refusal under 404', 404, '<Error><Code>InvalidArgument</Code></Error>', failed('InvalidArgument')),
  noise('of the server itself', 500, '<Error><Code>InternalError</Code></Error>', failed('InternalError')),
  noise('an unavailable service', 503, '<Error><Code>ServiceUnavailable</Code></Error>', failed('ServiceUnavailable')),
  noise('a redirect', 307, '<Error><Code>TemporaryRedirect</Code></Error>', failed('TemporaryRedirect'), {
    headers: { location: 'https://example.com/' },
  }),
  noise('a redirect without a document', 301, '', unexpected(), { headers: { location: 'https://example.com/' } }),
  noise('JSON of the newer API', 401, '{"Response":{"Error":{"Code":"AuthFailure"}}}', unexpected()),
  noise('an Error in lower case', 400, '<error><Code>InvalidArgument</Code></error>', unexpected()),
  noise('an Error after an Error', 400, '<Error><Code>InvalidArgument</Code></Error><Error/>', unexpected()),
  noise(
    'an Error in a Response',
    200,
    '<Response><Error><Code>InvalidArgument</Code></Error></Response>',
    unexpected(),
  ),
  ...[401, 403, 404, 411, 413, 429, 502, 503, 504].map((status) =>
    noise(
      `${String(status)} without a document`,
      status,
      HTML,
      { kind: 'UnexpectedResponseError', ids: [], requestId: 'head' },
      { contentType: 'text/html', headers: TENCENT_HEAD },
    ),
  ),
]

/** Answers as providers, gateways and proxies could send them. */
export const corpus: readonly CorpusAnswer[] = [...huaweiBodies, ...huaweiErrors, ...tencentBodies, ...tencentErrors]
