import { AxeBuilder } from '@axe-core/playwright'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, inject, it } from 'vitest'
import { DESKTOP, inParallel, PHONE, useBrowser, visit } from './browser.js'
import { listPages, onDisk, SAMPLE } from './site.js'

// Every page takes some minutes more.
const PAGES = process.env['ALL_PAGES'] === '1' ? await listPages() : SAMPLE
/** For looking at. */
const SCREENSHOTS = 'test/browser/.screenshots'

const { open } = useBrowser()

beforeAll(() => mkdir(SCREENSHOTS, { recursive: true }))

it.each(['light', 'dark'] as const)(
  'axe finds no serious problem in %s colors',
  { timeout: 3_600_000 },
  async (colorScheme) => {
    const problems: string[] = []
    await inParallel(
      PAGES,
      () => open({ colorScheme }),
      async (page, address) => {
        await page.setViewportSize(DESKTOP)
        await visit(page, `${onDisk(address)}${await operationIn(address)}`)
        for (const problem of await problemsOf(page)) problems.push(`${address}: ${problem}`)
        if (SAMPLE.includes(address)) await photograph(page, `${address.replaceAll(/\W/g, '-')}-${colorScheme}`)
      },
    )
    expect(problems).toEqual([])
  },
)

/** A page of the raw contract shows an operation once its address has it. */
async function operationIn(address: string): Promise<string> {
  if (!address.startsWith('contract/')) return ''
  const html = await readFile(path.join(inject('site'), address), 'utf8')
  return `#operation/${String(/"operationId":"(\w+)"/.exec(html)?.[1])}`
}

async function problemsOf(page: Page): Promise<string[]> {
  // Preloading would request the style sheets again, which a page from disk cannot.
  const { violations } = await new AxeBuilder({ page })
    .options({ preload: false, resultTypes: ['violations'] })
    // Redoc's label of the choice of an example is not its text.
    .exclude('button[aria-label="Example"]')
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join('\n  ')}`)
}

async function photograph(page: Page, name: string): Promise<void> {
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size)
    await page.screenshot({
      path: path.join(SCREENSHOTS, `${name}-${String(size.width)}.png`),
      fullPage: !name.startsWith('contract'),
    })
  }
}
