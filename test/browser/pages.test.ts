import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DESKTOP, inParallel, PHONE, TABLET, useBrowser, visit } from './browser.js'
import { listPages, onDisk, SAMPLE, serve } from './site.js'

const { open } = useBrowser()

it('the site has a page of each kind', async () => {
  expect(await listPages()).toEqual(expect.arrayContaining([...SAMPLE]))
})

describe('from disk', () => {
  const seen = new Map<string, Seen>()

  beforeAll(async () => {
    await inParallel(await listPages(), open, async (page, address) => {
      seen.set(address, await look(page, onDisk(address)))
    })
  })

  it('a page logs no error, and no request fails', () => {
    expect(problemsOf(seen)).toEqual([])
  })

  it('no page requests anything that is not a file', () => {
    expect(
      [...seen.values()].flatMap(({ requests }) => requests).filter((url) => !/^(?:file|data|blob):/.test(url)),
    ).toEqual([])
  })

  it('no page is wider than its window', () => {
    expect([...seen].flatMap(([address, { tooWide }]) => tooWide.map((width) => `${address} at ${width}`))).toEqual([])
  })

  it('every link leads to a page, and every #id to a place in it', () => {
    const root = onDisk('')
    const broken = [...seen].flatMap(([address, { links }]) =>
      links
        .filter((link) => link.startsWith('file:'))
        .filter((link) => {
          const [file = '', id] = link.split('#')
          const target = seen.get(decodeURIComponent(file.slice(root.length)))
          if (target === undefined) return true
          // Redoc resolves it, which has a test of its own.
          if (file.includes('/contract/')) return false
          return id !== undefined && id !== '' && !target.ids.has(decodeURIComponent(id))
        })
        .map((link) => `${address} links to ${link.replace(root, '')}`),
    )
    expect(broken).toEqual([])
  })

  it('the page of an operation leads to it in the raw contract', async () => {
    const operations = [...seen].filter(([address]) => /^operations\/(?!index)/.test(address))
    const links = operations.flatMap(([, { links: all }]) => all.filter((link) => /\/contract\/.*#\//.test(link)))
    expect(links).toHaveLength(operations.length)
    const wrong: string[] = []
    await inParallel(links, open, async (page, link) => {
      // Otherwise, the next operation of the same document would not load it.
      await page.goto('about:blank')
      await visit(page, link)
      // Redoc would replace another address, after a page that says there is none.
      if (page.url() !== link) wrong.push(link)
    })
    expect(wrong).toEqual([])
  })

  it('a link into closed details opens them', async () => {
    const found = [...seen].find(([, { folded }]) => folded !== undefined)
    const [address, { folded }] = found ?? ['', { folded: '' }]
    const page = await open({ viewport: DESKTOP })
    await visit(page, `${onDisk(address)}#${String(folded)}`)
    expect(await page.evaluate(`document.getElementById(${JSON.stringify(folded)}).checkVisibility()`)).toBe(true)
  })
})

describe('from a server under a path', () => {
  const seen = new Map<string, Seen>()
  let base = ''
  let close: () => void

  beforeAll(async () => {
    ;({ base, close } = await serve())
    await inParallel(await listPages(), open, async (page, address) => {
      seen.set(address, await look(page, base + address))
    })
  })
  afterAll(() => {
    close()
  })

  it('a page logs no error, and no request fails', () => {
    expect(problemsOf(seen)).toEqual([])
  })

  it('no page requests anything from elsewhere', () => {
    const requests = [...seen.values()].flatMap(({ requests }) => requests)
    expect(requests.filter((url) => !url.startsWith(base) && !/^(?:data|blob):/.test(url))).toEqual([])
  })
})

/** What one visit shows. */
interface Seen {
  readonly problems: readonly string[]
  readonly requests: readonly string[]
  /** The widths of windows that the page exceeds. */
  readonly tooWide: readonly string[]
  readonly links: readonly string[]
  readonly ids: ReadonlySet<string>
  /** The id of something in closed details. */
  readonly folded: string | undefined
}

async function look(page: Page, url: string): Promise<Seen> {
  const problems: string[] = []
  const requests: string[] = []
  page.removeAllListeners()
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  page.on('requestfailed', (request) => {
    // Moving on to the next page aborts what the last one still loads.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') problems.push(`${request.url()} failed`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.url()} has status ${String(response.status())}`)
  })
  const tooWide: string[] = []
  await page.setViewportSize(DESKTOP)
  await visit(page, url)
  for (const size of [DESKTOP, TABLET, PHONE]) {
    await page.setViewportSize(size)
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (width > size.width) tooWide.push(`${String(size.width)}: ${String(width)}`)
  }
  const { links, ids, folded } = await page.evaluate<{ links: string[]; ids: string[]; folded: string | undefined }>(`({
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
    ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    folded: document.querySelector('.col-content details:not([open]) [id]')?.id,
  })`)
  return { problems, requests, tooWide, links, ids: new Set(ids), folded }
}

function problemsOf(seen: ReadonlyMap<string, Seen>): string[] {
  return [...seen].flatMap(([address, { problems }]) => problems.map((problem) => `${address}: ${problem}`))
}
