// What tsdown.config.ts adds to the bundler: names of files, maps, and declarations.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import type { Rolldown } from 'tsdown'

const HUAWEI = 'src/huawei-vod/'
const TENCENT = 'src/tencent-ci/'

/**
 * One file for what both clients load at once, and one for what one of them loads. Other files have the name of a source.
 * The signers have a file of their own, as esbuild keeps all of a file that a part loaded by `import()` imports.
 */
export const sharedFiles: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      priority: 1,
      name: (id, modules) =>
        isLoadedBy(`${HUAWEI}sign`, id, modules) || isLoadedBy(`${TENCENT}sign`, id, modules)
          ? fileName('signing', id)
          : null,
    },
    {
      name: (id, modules) => {
        const huawei = isLoadedBy(`${HUAWEI}index`, id, modules)
        const tencent = isLoadedBy(`${TENCENT}index`, id, modules)
        if (!huawei && !tencent) return null
        return fileName(huawei && tencent ? 'core' : huawei ? 'huawei' : 'tencent', id)
      },
    },
  ],
}

/** The name of a file that is neither an entry nor above: that of a source, after its provider, as both have `waiting`. */
export function chunkName({ name, moduleIds }: Rolldown.PreRenderedChunk): string {
  const provider = [HUAWEI, TENCENT].find((folder) => moduleIds.every((id) => id.includes(folder.replace('src', ''))))
  const prefix = provider === undefined ? '' : provider === HUAWEI ? 'huawei-' : 'tencent-'
  return prefix.startsWith(name) ? name : `${prefix}${name}`
}

/** The bundler of declarations knows its files by their ending. */
function fileName(name: string, id: string): string {
  return id.endsWith('.d.ts') ? `${name}.d` : name
}

/** Whether a source loads a module at once, directly or not: not by `import()`. */
function isLoadedBy(source: string, id: string, modules: Rolldown.ChunkingContext): boolean {
  const loaders = new Set([id])
  for (const loader of loaders) {
    if (loader.replace(/(?:\.d)?\.ts$/, '').endsWith(source)) return true
    for (const importer of modules.getModuleInfo(loader)?.importers ?? []) loaders.add(importer)
  }
  return false
}

/** Maps that lead from a line to a line of a source in the package: a tenth of the size, and as good for stack traces. */
export const smallMaps: Rolldown.Plugin = {
  name: 'small-maps',
  generateBundle(_, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type !== 'asset' || !asset.fileName.endsWith('.map')) continue
      // The bundler wrote it: the boundary to JSON.
      const { version, file, sources, mappings } = JSON.parse(String(asset.source)) as Record<string, unknown>
      const lines = decode(String(mappings)).map((segments) => segments.slice(0, 1))
      asset.source = JSON.stringify({ version, file, sources, names: [], mappings: encode(lines) })
    }
  },
}

export const declarations: Rolldown.Plugin = {
  name: 'declarations',
  // Inside type literals the bundler joins a doc comment to the line before, where editors do not find it.
  renderChunk: (code) => code.replaceAll(/; (\/\*\*[^\n]*?\*\/)\n( *)/g, ';\n$2$1\n$2'),
  // The bundler would also write code that several entries share.
  generateBundle(_, bundle) {
    for (const name of Object.keys(bundle)) if (!/\.d\.cts(?:\.map)?$/.test(name)) Reflect.deleteProperty(bundle, name)
  },
}

/**
 * Writes the declarations of an entry for import. They refer to those for require, which a module of either format may
 * load, so both formats have the same types. Those that name types of MSW are copied: MSW has other types for import.
 */
export function declareForImports(folder: string, entries: readonly string[]): void {
  for (const entry of entries) {
    const declarations = readFileSync(path.join(folder, `${entry}.d.cts`), 'utf8')
    const reference = `export * from './${path.basename(entry)}.cjs'\n`
    writeFileSync(path.join(folder, `${entry}.d.mts`), declarations.includes('from "msw"') ? declarations : reference)
  }
}
