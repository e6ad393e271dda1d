import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'huawei-vod': 'src/huawei-vod/index.ts',
    'tencent-ci': 'src/tencent-ci/index.ts',
    testing: 'src/testing/index.ts',
    'testing/msw': 'src/testing/msw.ts',
  },
  platform: 'neutral',
  target: 'es2023',
  fixedExtension: true,
  dts: true,
  deps: { neverBundle: [/^node:/] },
})
