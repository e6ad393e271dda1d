/** One page of the site, in Markdown. */
export interface Page {
  /** Address without `.html`, such as `operations/unpublishAssets`. An index page is `operations/index`. */
  readonly path: string
  readonly title: string
  /** One sentence, for cards, search engines, and hover. Plain text. */
  readonly summary: string
  /** Markdown after the title, which TypeDoc prints as `h1`. May hold HTML. */
  readonly markdown: string
  /** Plain text that search finds this page by, beyond its title. Default: the text of the page. */
  readonly search?: string
}

/** A section of the sidebar: its index page, and the pages under it. */
export interface Section {
  readonly index: Page
  readonly pages: readonly Page[]
  /** Whether the pages are left out of the sidebar. The index page never is. */
  readonly hidden?: boolean
}
