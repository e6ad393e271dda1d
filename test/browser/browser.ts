import { access } from 'node:fs/promises'
import os from 'node:os'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

export const DESKTOP = { width: 1280, height: 900 }
export const TABLET = { width: 800, height: 1100 }
export const PHONE = { width: 390, height: 844 }

const EXECUTABLE = '/usr/bin/chromium'

/** Starts Debian's Chromium, without a network, for the tests of a file. */
export function useBrowser(): { open: (options?: BrowserContextOptions) => Promise<Page> } {
  let browser: Browser | undefined
  beforeAll(async () => {
    await access(EXECUTABLE).catch(() => {
      throw new Error(`${EXECUTABLE} is missing: run "apt-get install chromium"`)
    })
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: [
        // Root needs it.
        '--no-sandbox',
        '--disable-gpu',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    })
  })
  afterAll(() => browser?.close())
  return {
    open: async (options) => {
      if (browser === undefined) throw new Error('the browser has not started')
      return (await browser.newContext(options)).newPage()
    },
  }
}

/** Opens an address, and waits until the page and its sidebar are there. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url)
  if (url.includes('/contract/')) {
    // Redoc shows a page, and makes it work a moment later, which nothing tells. For some addresses, it first finds none.
    await page.waitForTimeout(2500)
    await page.locator('.not-found-page').waitFor({ state: 'detached' })
  } else {
    await page.locator('#tsd-nav-container a').first().waitFor({ state: 'attached' })
    await page.locator('header').waitFor()
  }
}

/** Calls the function for all items, as many at a time as there are processors, each time with a page of its own. */
export async function inParallel<Item>(
  items: readonly Item[],
  open: () => Promise<Page>,
  use: (page: Page, item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const next = async (): Promise<void> => {
    const page = await open()
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await use(page, item)
    await page.context().close()
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, next))
}
