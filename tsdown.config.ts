import path from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'
import { declarations, declareForImports } from './scripts/package-build/declarations.js'
import { chunkName, sharedFiles } from './scripts/package-build/files.js'
import { mapsOfLines } from './scripts/package-build/maps.js'
import { exportForImports, packSpecs } from './scripts/package-build/others.js'

const entry = {
  index: 'src/index.ts',
  'huawei-vod': 'src/huawei-vod/index.ts',
  'tencent-ci': 'src/tencent-ci/index.ts',
  callbacks: 'src/callbacks.ts',
  testing: 'src/testing/index.ts',
  'testing/msw': 'src/testing/msw.ts',
}
// The emulator is in the package once, as CommonJS, which any module may load: no bundle has to be small with it.
const { testing: _, ...shakable } = entry
const platform = { 'platform-node': 'src/transport/platform/node.ts', 'platform-web': 'src/transport/platform/web.ts' }
// What the code for Node has of `#platform` is in the same file.
const ownPlatform: UserConfig = {
  alias: { '#platform': path.resolve(platform['platform-node']) },
  deps: { neverBundle: [/^node:/] },
}

const common: UserConfig = {
  platform: 'neutral',
  target: 'es2023',
  fixedExtension: true,
  dts: false,
  clean: false,
  deps: { neverBundle: [/^node:/, /^#/] },
}

function code(entries: Record<string, string>, format: 'esm' | 'cjs'): UserConfig {
  return {
    ...common,
    entry: entries,
    format,
    // It has no CommonJS.
    ...(format === 'cjs' && { deps: { ...common.deps, alwaysBundle: ['asn1js', /^@peculiar\//] } }),
    sourcemap: true,
    plugins: mapsOfLines,
    outputOptions: {
      chunkFileNames: (chunk) => `${chunkName(chunk)}.${format === 'esm' ? 'mjs' : 'cjs'}`,
      codeSplitting: sharedFiles,
      // The comments are in src/, to which the maps lead.
      comments: { annotation: true, legal: true, jsdoc: false },
      // Jest cannot import() without a flag.
      dynamicImportInCjs: false,
      strict: true,
    },
  }
}

export default defineConfig([
  { ...code(shakable, 'esm'), clean: true },
  {
    ...code({ ...entry, 'cloud-media-emulator': 'src/testing/command.ts' }, 'cjs'),
    hooks: {
      'build:done': ({ options }) => {
        exportForImports(options.outDir, 'testing')
      },
    },
  },
  // Apart from the rest: package.json says which of the two `#platform` is.
  { ...code(platform, 'esm'), ...ownPlatform },
  { ...code(platform, 'cjs'), ...ownPlatform },
  // One set of declarations for both formats: those for import refer to those for require, which any module may import.
  {
    ...common,
    entry,
    // With `cjs`, the bundler would leave out the plugin.
    format: 'esm',
    outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }),
    dts: { emitDtsOnly: true, sourcemap: true },
    plugins: declarations,
    outputOptions: { chunkFileNames: '[name].cjs', codeSplitting: sharedFiles },
    hooks: {
      'build:done': ({ options }) => {
        declareForImports(options.outDir, Object.keys(entry))
        packSpecs(options.outDir)
      },
    },
  },
])
