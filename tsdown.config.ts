import { defineConfig, type UserConfig } from 'tsdown'
import { chunkName, declarations, declareForImports, sharedFiles, smallMaps } from './scripts/package-build.js'

const entry = {
  index: 'src/index.ts',
  'huawei-vod': 'src/huawei-vod/index.ts',
  'tencent-ci': 'src/tencent-ci/index.ts',
  callbacks: 'src/callbacks.ts',
  testing: 'src/testing/index.ts',
  'testing/msw': 'src/testing/msw.ts',
}
const platform = { 'platform-node': 'src/transport/platform/node.ts', 'platform-web': 'src/transport/platform/web.ts' }

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
    plugins: smallMaps,
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
  { ...code({ ...entry, 'cloud-media-emulator': 'src/testing/command.ts' }, 'esm'), clean: true },
  code(entry, 'cjs'),
  // Apart from the rest: package.json says which of the two `#platform` is.
  code(platform, 'esm'),
  code(platform, 'cjs'),
  // One set of declarations for both formats: those for import refer to those for require, which any module may import.
  {
    ...common,
    entry,
    format: 'cjs',
    dts: { emitDtsOnly: true, sourcemap: true },
    plugins: declarations,
    outputOptions: { chunkFileNames: '[name].cjs', codeSplitting: sharedFiles },
    hooks: { 'build:done': ({ options }) => declareForImports(options.outDir, Object.keys(entry)) },
  },
])
