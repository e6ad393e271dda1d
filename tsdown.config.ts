import { defineConfig, type UserConfig } from 'tsdown'

const common: UserConfig = {
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
