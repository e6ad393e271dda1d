import { execFile } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { build as bundle } from 'esbuild'
import { chromium as browsers } from 'playwright-core'
import { build as buildWithVite } from 'vite'
import { LIMIT_MS, type Places, type Runtime } from './runtime.js'
import type { Setting } from './setting.js'

const run = promisify(execFile)

/** Builds index.html and what it loads into a folder. */
type Builder = (project: string, folder: string) => Promise<unknown>

export const builders = {
  esbuild: async (project, folder) => {
    await mkdir(folder)
    await copyFile(path.join(project, 'index.html'), path.join(folder, 'index.html'))
    await bundle({
      absWorkingDir: project,
      entryPoints: ['page.mjs'],
      outfile: path.join(folder, 'page.mjs'),
      bundle: true,
      minify: true,
      format: 'esm',
    })
  },
  Vite: (project, folder) =>
    buildWithVite({ root: project, configFile: false, logLevel: 'error', build: { outDir: folder } }),
} satisfies Record<string, Builder>

/** Debian's Chromium, with a page that a bundler built. */
export function chromium(bundler: keyof typeof builders): Runtime {
  return {
    name: `Chromium ${bundler}`,
    version: async ({ chromium }) => /[\d.]+/.exec((await run(chromium, ['--version'])).stdout)?.[0] ?? 'unknown',
    behavior: { isConnectionKnown: false, isSentAgain: true },
    run: async (places, setting) => {
      const folder = path.join(places.project, `page-${bundler}`)
      await builders[bundler](places.project, folder)
      return withPages(folder, (url) => linesOf(places, url, setting))
    },
    runProxies: undefined,
  }
}

async function linesOf({ chromium: executablePath, project }: Places, url: string, setting: Setting): Promise<string> {
  const browser = await browsers.launch({
    executablePath,
    env: { HOME: project },
    // Root needs the first. The second would speak to Google's hosts.
    args: ['--no-sandbox', '--disable-quic', '--disable-gpu'],
  })
  // Ends what still waits for the page.
  const timer = setTimeout(() => void browser.close(), LIMIT_MS)
  try {
    const page = await browser.newPage()
    await page.goto(url)
    return await page.evaluate<string>(`runScenario(${JSON.stringify(setting)})`)
  } finally {
    clearTimeout(timer)
    await browser.close()
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/** Serves a folder. */
async function withPages<Result>(folder: string, use: (url: string) => Promise<Result>): Promise<Result> {
  const server = http.createServer(({ url = '/' }, response) => {
    const file = path.join(folder, url === '/' ? 'index.html' : url)
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await use(`http://127.0.0.1:${String(port)}/`)
  } finally {
    server.close()
  }
}
