import { defineConfig, type UserConfig } from 'tsdown'

/** Inside type literals the bundler joins a doc comment to the line before, where editors do not find it. */
const docComments: NonNullable<UserConfig['plugins']> = {
  name: 'doc-comments',
  renderChunk: (code, { fileName }) =>
    fileName.endsWith('.d.mts') ? code.replaceAll(/; (\/\*\*[^\n]*?\*\/)\n( *)/g, ';\n$2$1\n$2') : null,
}

const common: UserConfig = {
  plugins: docComments,
  platform: 'neutral',
  target: 'es2023',
  fixedExtension: true,
  deps: { neverBundle: [/^node:/, /^#/] },
}

export default defineConfig([
  {
    ...common,
    entry: {
      index: 'src/index.ts',
      'huawei-vod': 'src/huawei-vod/index.ts',
      'tencent-ci': 'src/tencent-ci/index.ts',
      callbacks: 'src/callbacks.ts',
      testing: 'src/testing/index.ts',
      'testing/msw': 'src/testing/msw.ts',
      'cloud-media-emulator': 'src/testing/command.ts',
    },
    dts: true,
  },
  // Apart from the rest: package.json says which of the two `#platform` is.
  {
    ...common,
    entry: { 'platform-node': 'src/transport/platform/node.ts', 'platform-web': 'src/transport/platform/web.ts' },
    dts: false,
    clean: false,
  },
])
