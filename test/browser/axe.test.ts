import { AxeBuilder } from '@axe-core/playwright'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { inParallel, useBrowser, visit } from './browser.js'
import { listPages, onDisk, SAMPLE } from './site.js'

// ALL_PAGES=1 npm run test:browser checks every page, which takes some minutes more.
const PAGES = process.env['ALL_PAGES'] === '1' ? await listPages() : SAMPLE
/** For looking at. */
const SCREENSHOTS = 'test/browser/.screenshots'

const { open } = useBrowser()

describe.each(['light', 'dark'] as const)('in %s colors', (colorScheme) => {
  it('axe finds no serious problem', async () => {
    const problems: string[] = []
    await inParallel(
      PAGES,
      () => open({ colorScheme, viewport: { width: 1280, height: 900 } }),
      async (page, address) => {
        await visit(page, onDisk(address))
        // It would load style sheets again, which a page from disk cannot.
        const { violations } = await new AxeBuilder({ page }).options({ preload: false }).analyze()
        for (const { id, impact, nodes } of violations) {
          if (impact !== 'serious' && impact !== 'critical') continue
          problems.push(`${address}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join('\n  ')}`)
        }
      },
    )
    expect(problems).toEqual([])
  })
})

it.each([
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
] as const)('screenshots are made: $width $colorScheme', async ({ width, colorScheme }) => {
  await mkdir(SCREENSHOTS, { recursive: true })
  await inParallel(
    SAMPLE,
    () => open({ colorScheme, viewport: { width, height: 900 } }),
    async (page, address) => {
      await visit(page, onDisk(address))
      const name = `${address.replaceAll('/', '_').replace('.html', '')}-${String(width)}-${colorScheme}.png`
      await page.screenshot({ path: path.join(SCREENSHOTS, name), fullPage: !address.startsWith('contract/') })
    },
  )
})
