import path from 'node:path'

/** The package's entry points and their sources, so that tests can import it by name without a build. */
export const packageEntries = [
  { find: 'cloud-media-clients', file: 'src/index.ts' },
  { find: 'cloud-media-clients/huawei-vod', file: 'src/huawei-vod/index.ts' },
  { find: 'cloud-media-clients/tencent-ci', file: 'src/tencent-ci/index.ts' },
  { find: 'cloud-media-clients/callbacks', file: 'src/callbacks.ts' },
  { find: 'cloud-media-clients/testing', file: 'src/testing/index.ts' },
  { find: 'cloud-media-clients/testing/msw', file: 'src/testing/msw.ts' },
].map(({ find, file }) => ({ find, replacement: path.resolve(file) }))
