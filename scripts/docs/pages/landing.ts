import type { Page } from './page.js'

/** The page that the site opens with. */
export function landingPage(): Promise<Page> {
  return Promise.resolve({
    path: 'index',
    title: 'cloud-media-clients',
    summary:
      'Typed, signed TypeScript clients for audio jobs on Huawei Cloud VOD and Tencent Cloud CI, and an emulator to build against without an account.',
    markdown: '<div class="hero"><div>\n\n# cloud-media-clients\n\n[Guides](site:guides/index.html)\n\n</div></div>\n',
  })
}
