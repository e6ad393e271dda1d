/** The landing page, in Markdown. */
export function landingPage(): Promise<string> {
  return Promise.resolve('# cloud-media-clients\n\n[Guides](site:guides/index.html)\n')
}
