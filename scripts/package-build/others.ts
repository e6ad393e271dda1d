// What is in the package beside code and declarations.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes the ES module of an entry that exists as CommonJS only. */
export function exportForImports(folder: string, entry: string): void {
  const code = readFileSync(path.join(folder, `${entry}.cjs`), 'utf8')
  const names = [...code.matchAll(/^exports\.(\w+) = /gm)].map(([, name = '']) => name)
  writeFileSync(path.join(folder, `${entry}.mjs`), `export { ${names.join(', ')} } from './${entry}.cjs'\n`)
}

/** The bundled specs without indentation, which is a third of their size, and the workflows, which lead to them. */
export function packSpecs(folder: string): void {
  const bundles = path.join(folder, 'generated/specs')
  mkdirSync(bundles, { recursive: true })
  for (const file of readdirSync('generated/specs')) {
    const text = readFileSync(path.join('generated/specs', file), 'utf8')
    writeFileSync(path.join(bundles, file), `${JSON.stringify(JSON.parse(text))}\n`)
  }
  cpSync('specs/workflows', path.join(folder, 'specs/workflows'), { recursive: true })
}
