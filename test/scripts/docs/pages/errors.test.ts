import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createEmulator } from '../../../../src/testing/index.js'
import { specOperations } from '../../../specs/operations.js'
import { listOf, objectOf, textOf } from '../../../specs/bundled.js'
import { errorCodes, pageAt, partOf, shows, visibleText } from './spec-pages.js'

// Inside the project, where packages resolve.
const folder = path.resolve('test/scripts/docs/pages/.snippets')

beforeAll(() => mkdir(folder, { recursive: true }))
afterAll(() => rm(folder, { recursive: true }))

describe('the pages on error codes', () => {
  it.each(errorCodes)('show what $name means, what to do, and whether the request ran', ({ provider, name, known }) => {
    const { title, summary, markdown } = pageAt(`errors/${name}`)
    expect(title).toBe(name)
    expect(textOf(known['meaning']).replaceAll('`', '').startsWith(summary)).toBe(true)
    expect(shows(markdown, textOf(known['meaning']))).toBe(true)
    expect(shows(markdown, `What to do. ${textOf(known['hint'])}`)).toBe(true)
    const [chipLine = ''] = markdown.split('\n\n')
    const chips = [...chipLine.matchAll(/<span class="chip \w+">([^<]+)</g)].map(([, text]) => text)
    const service = provider === 'huawei-vod' ? 'Huawei Cloud VOD' : 'Tencent Cloud CI'
    const outcome = known['refusal'] === true ? 'did not run' : 'may have run'
    expect(chips).toEqual([service, ...listOf(known['status']).map(String), outcome])
    expect(visibleText(markdown)).toContain(`mayHaveRun ${String(known['refusal'] !== true)} : the request ${outcome}`)
  })

  it.each(errorCodes)('link $name and the operations that can have it', ({ provider, name, known }) => {
    const operations = specOperations.filter((operation) => operation.provider === provider)
    const can = operations.filter(({ operation }) =>
      listOf(known['status']).some((status) => Number(status) in objectOf(operation['responses'])),
    )
    const links = [...pageAt(`errors/${name}`).markdown.matchAll(/href="site:operations\/(\w+)\.html"/g)]
    expect(new Set(links.map(([, id]) => id))).toEqual(new Set(can.map(({ id }) => id)))
    expect(can.length).toBeGreaterThan(0)
  })

  it('say what the client does, as its retries do', () => {
    const client = (name: string): string =>
      visibleText(/<dt>The client<\/dt><dd>(.*)<\/dd>/.exec(pageAt(`errors/${name}`).markdown)?.[1] ?? '')
    expect(client('VOD.10062')).toBe('throws the error at once.')
    expect(client('SlowDown')).toMatch(/^waits .* retries the call; other calls .* wait as well\.$/)
    expect(client('ExpiredToken')).toMatch(/^calls your credentials function, and retries/)
    expect(client('RequestTimeTooSkewed')).toMatch(/^compares its clock .* retries the call once/)
    expect(client('APIGW.0301')).toMatch(
      /^throws the error at once; if the message is about the signing time, it compares/,
    )
    expect(client('TemporaryRedirect')).toBe('throws the error at once.')
    expect(client('InternalError')).toMatch(
      /createVoiceSeparateJob.*: throws the error at once\..*getJobs.*: waits, and retries/,
    )
  })

  it.each(errorCodes)('show what the provider or the emulator sends with $name', async ({ provider, name }) => {
    const part = partOf(pageAt(`errors/${name}`), 'What the provider sends')
    expect(part).toContain(provider === 'huawei-vod' ? `"error_code": "${name}"` : `<Code>${name}</Code>`)
    if (!part.includes('The emulator sends this')) return
    const { operation, url } = readOf(provider)
    const emulator = createEmulator()
    emulator.fail({ operation, with: { kind: 'error', code: name } })
    const sent = await (await emulator.fetch(url)).text()
    expect(emulator.requests).toMatchObject([{ operation, code: name }])
    const message = /"error_msg":"([^"]+)"|<Message>([^<]+)</.exec(sent)?.slice(1).join('') ?? 'none'
    expect(part).toContain(provider === 'huawei-vod' ? `"error_msg": "${message}"` : `<Message>${message}</Message>`)
  })

  it.each(errorCodes)('have code that provokes and handles $name', async ({ name, known }) => {
    const fences = [...pageAt(`errors/${name}`).markdown.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code)
    const [handle = '', provoke = ''] = fences
    const file = path.join(folder, `${name}.ts`)
    const request = name.includes('.') ? VIDEO : JOB
    await writeFile(file, [provoke, `const request = ${JSON.stringify(request)}`, handle].join('\n'))
    const log = vi.spyOn(console, 'log').mockClear().mockReturnValue()
    await import(file)
    expect(log).toHaveBeenCalledExactlyOnceWith(
      known['refusal'] !== true,
      expect.any(String),
      expect.stringContaining(textOf(known['hint']).slice(0, 20)),
    )
  })

  it.each(['huawei-vod', 'tencent-ci'])('of %s are in one list, each code with its ID', (provider) => {
    const { markdown } = pageAt(`errors/${provider}`)
    const rows = [...markdown.matchAll(/<div id="([^"]+)">/g)].map(([, id]) => id)
    const expected = errorCodes.filter((code) => code.provider === provider).map(({ name }) => name)
    expect(rows).toEqual(expected)
    for (const { name, known } of errorCodes.filter((code) => code.provider === provider)) {
      const row = markdown.split('<div id=').find((text) => text.startsWith(`"${name}"`)) ?? ''
      expect(row).toContain(`href="site:errors/${name}.html"`)
      expect(shows(row, textOf(known['meaning']))).toBe(true)
      expect(row).toContain(known['refusal'] === true ? 'did not run' : 'may have run')
    }
  })
})

const VIDEO = { asset_id: '3e1cd21131a94525be55acf65888bf46' }
const JOB = {
  Input: { Object: 'in.mp4' },
  Operation: { Output: { Object: 'out.mp3' } },
  QueueId: 'p893bcda225bf4945a378da6662e81a89',
}

/** An operation that only reads. */
function readOf(provider: string): { operation: string; url: string } {
  return provider === 'huawei-vod'
    ? {
        operation: 'listAssets',
        url: 'https://vod.cn-north-4.myhuaweicloud.com/v1.0/0123456789abcdef0123456789abcdef/asset/info',
      }
    : { operation: 'listQueues', url: 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/queue' }
}
