// Minified bundles for a browser, and their gzipped size. `folder` is where the package is installed.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type BuildOptions } from 'esbuild'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'

/** The files that a page loads with an import of `code`, in the order of the list: the entry comes first. */
export async function loadedFiles(
  code: string,
  folder: string,
  options: BuildOptions = {},
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const { metafile, outputFiles } = await build({
    ...esbuildOptions(code, folder),
    ...options,
    splitting: true,
    outdir: 'out',
    absWorkingDir: folder,
    entryNames: 'entry',
    metafile: true,
    write: false,
  })
  const loaded = new Set(['out/entry.js'])
  // A set also visits what is added meanwhile.
  for (const file of loaded) {
    const imports = metafile.outputs[file]?.imports ?? []
    for (const { path: imported, kind } of imports) if (kind === 'import-statement') loaded.add(imported)
  }
  return outputFiles
    .map(({ path: file, text }) => ({ name: path.relative(folder, file), text }))
    .filter(({ name }) => loaded.has(name))
}

/** Gzipped bytes of the files that a page loads with an import of `code`. A call that succeeds loads no others. */
export async function loadedBytes(code: string, folder: string): Promise<number> {
  const files = await loadedFiles(code, folder)
  return files.reduce((sum, { text }) => sum + gzipped(text), 0)
}

/** Gzipped bytes of one file with all that `code` can load. */
export async function esbuildBytes(code: string, folder: string): Promise<number> {
  const { outputFiles } = await build({ ...esbuildOptions(code, folder), write: false })
  return outputFiles.reduce((sum, { text }) => sum + gzipped(text), 0)
}

export async function webpackBytes(code: string, folder: string): Promise<number> {
  const out = path.join(folder, 'webpack')
  const entry = await entryFile(code, folder)
  const config = {
    mode: 'production',
    target: 'web',
    context: folder,
    entry,
    output: { path: out, clean: true },
  } as const
  await new Promise<void>((resolve, reject) => {
    webpack(config, (failure, stats) => {
      if (stats?.hasErrors() === false) resolve()
      else reject(failure ?? new Error(stats?.toString('errors-only')))
    })
  })
  const files = await readdir(out)
  const texts = await Promise.all(files.map((file) => readFile(path.join(out, file), 'utf8')))
  return texts.reduce((sum, text) => sum + gzipped(text), 0)
}

export async function viteBytes(code: string, folder: string): Promise<number> {
  const built = await viteBuild({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: {
      write: false,
      // A part of Vite, not of the package.
      modulePreload: { polyfill: false },
      rolldownOptions: { input: await entryFile(code, folder) },
    },
  })
  if (!('output' in built)) throw new Error('Vite built no single bundle')
  // Vite also writes lazy parts that nothing is left to load, if they import the file with the code that would load them.
  const chunks = built.output.filter((file) => file.type === 'chunk')
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry))
  for (const { imports } of loaded) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk)
  }
  return [...loaded].reduce((sum, { code }) => sum + gzipped(code), 0)
}

function esbuildOptions(code: string, folder: string): BuildOptions {
  const stdin = { contents: code, resolveDir: folder }
  return { stdin, bundle: true, minify: true, platform: 'browser', format: 'esm', logLevel: 'error' }
}

async function entryFile(code: string, folder: string): Promise<string> {
  const file = path.join(folder, 'entry.mjs')
  await writeFile(file, code)
  return file
}

function gzipped(text: string): number {
  return gzipSync(text, { level: 9 }).length
}
