// Which files the code is in, and their names.
import type { Rolldown } from 'tsdown'

const HUAWEI = 'src/huawei-vod/'
const TENCENT = 'src/tencent-ci/'

/**
 * One file for what both clients load at once, and one for what one of them loads. Other files have the name of a source.
 * The signers have a file of their own, as esbuild keeps all of a file that a part loaded by `import()` imports.
 */
export const sharedFiles: Rolldown.CodeSplittingOptions = {
  groups: [{ name: signersFile, priority: 1 }, { name: clientsFile }],
}

function signersFile(id: string, modules: Rolldown.ChunkingContext): string | null {
  const isSigner = isLoadedBy(`${HUAWEI}sign`, id, modules) || isLoadedBy(`${TENCENT}sign`, id, modules)
  return isSigner ? fileName('signing', id) : null
}

function clientsFile(id: string, modules: Rolldown.ChunkingContext): string | null {
  const huawei = isLoadedBy(`${HUAWEI}index`, id, modules)
  const tencent = isLoadedBy(`${TENCENT}index`, id, modules)
  if (!huawei && !tencent) return null
  return fileName(huawei && tencent ? 'core' : huawei ? 'huawei' : 'tencent', id)
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
