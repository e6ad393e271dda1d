// Declarations of both formats, with the doc comments where editors look for them.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SourceMapSegment } from '@jridgewell/sourcemap-codec'
import type { Rolldown } from 'tsdown'
import { mapsIn } from './maps.js'

export const declarations: Rolldown.Plugin = {
  name: 'declarations',
  generateBundle(_, bundle) {
    // The bundler would also write the code that several entries share.
    for (const name of Object.keys(bundle)) if (!/\.d\.cts(?:\.map)?$/.test(name)) Reflect.deleteProperty(bundle, name)
    const maps = mapsIn(bundle)
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue
      const lines = linesFor(chunk.code.split('\n'))
      chunk.code = lines.flat().join('\n')
      const map = maps.get(chunk.fileName)
      // An editor goes by the next segment, and takes one without a source for the source itself.
      const segments = map?.lines.map((line) =>
        line.map((segment): SourceMapSegment => (map.isPacked(segment) ? segment : [segment[0]])),
      )
      map?.write(
        lines.flatMap((texts, index) => texts.map((__, part) => (part === 0 ? (segments?.[index] ?? []) : []))),
      )
    }
  },
}

/** The lines in place of each line, of which only the first may have more than a comment. */
function linesFor(lines: readonly string[]): string[][] {
  let isRaw = false
  let isComment = false
  return lines.map((line, index) => {
    if (line.startsWith('//#')) isRaw = /^\/\/#region generated\/[\w-]+\/paths\//.test(line)
    // The types of the raw clients repeat the doc comments of the named types, and would be a quarter of all declarations.
    if (isRaw && (isComment || /^ *\/\*\*/.test(line))) {
      isComment = !line.includes('*/')
      const rest = isComment ? '' : line.slice(line.indexOf('*/') + 2)
      return rest.trim() === '' ? [] : [rest]
    }
    // Inside type literals the bundler joins a doc comment to the line before, where editors do not find it.
    const [, before = '', comment] = /^(.*;) (\/\*\*.*\*\/)$/.exec(line) ?? []
    if (comment === undefined) return [line]
    return isRaw ? [before] : [before, `${/^ */.exec(lines[index + 1] ?? '')?.[0] ?? ''}${comment}`]
  })
}

/**
 * Writes the declarations of an entry for import. They refer to those for require, which a module of either format may
 * load, so both formats have the same types. Those that name types of MSW are copied: MSW has other types for import.
 */
export function declareForImports(folder: string, entries: readonly string[]): void {
  for (const entry of entries) {
    const declared = readFileSync(path.join(folder, `${entry}.d.cts`), 'utf8')
    const reference = `export * from './${path.basename(entry)}.cjs'\n`
    writeFileSync(path.join(folder, `${entry}.d.mts`), declared.includes('from "msw"') ? declared : reference)
  }
}
