import { DocumentReflection, PageEvent, Reflection, type Renderer, type RouterTarget } from 'typedoc'
import type { Site } from './site.js'

/** Changes every page once TypeDoc has rendered it. */
export function finishPages(renderer: Renderer, { landing, pages }: Site): void {
  const summaries = new Map([landing, ...pages].map(({ path, summary }) => [`${path}.html`, summary]))
  renderer.on(PageEvent.END, (page: PageEvent) => {
    const description = summaries.get(page.url) ?? summaryOf(page.model)
    page.contents = finish(page.contents ?? '', page.url, description)
  })
}

function finish(html: string, url: string, description: string | undefined): string {
  const base = '../'.repeat(url.split('/').length - 1)
  return (
    withoutAnchorsInSummaries(url === 'api.html' ? titled(html) : html)
      .replaceAll('href="site:', `href="${base}`)
      // A page from disk cannot load them; icons.js puts them into the page.
      .replaceAll(/href="[^"#]*assets\/icons\.svg#/g, 'href="#')
      .replace(/(<meta name="description" content=")[^"]*/, (whole, start: string) =>
        description === undefined ? whole : `${start}${escape(description)}`,
      )
      // A long name breaks between its words.
      .replace(/<h1>[^]*?<\/h1>/, (title) => title.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '<wbr>'))
      // Only a reader who searches needs the index; site.js loads it then.
      .replace(/ async src(="[^"]*assets\/search\.js")/, ' data-src$1')
      .replace('<div class="col-content">', '<div class="col-content" role="main">')
      .replace('<nav class="tsd-navigation">', '<nav class="tsd-navigation" aria-label="Pages">')
      .replace('<nav id="tsd-sidebar-links"', '<nav aria-label="Sections" id="tsd-sidebar-links"')
      // It scrolls, so the keyboard must reach it.
      .replaceAll('<pre>', '<pre tabindex="0">')
      .replaceAll('<div class="tsd-signature">', '<div class="tsd-signature" tabindex="0">')
  )
}

/** TypeDoc gives the overview of the reference the title of the site. */
function titled(html: string): string {
  return html.replace(/(<title>|<h1>)cloud-media-clients/g, '$1TypeScript reference')
}

/** A summary is a button, which can hold no link. */
function withoutAnchorsInSummaries(html: string): string {
  return html.replaceAll(/<summary\b[^]*?<\/summary>/g, (summary) =>
    summary.replaceAll(/<a [^>]*class="tsd-anchor-icon">[^]*?<\/a>/g, ''),
  )
}

/** The first paragraph of the comment. */
export function summaryOf(model: RouterTarget): string | undefined {
  if (!(model instanceof Reflection) || model instanceof DocumentReflection) return undefined
  const comment = model.comment ?? (model.isDeclaration() ? model.signatures?.[0]?.comment : undefined)
  return comment
    ?.getShortSummary(true)
    .map(({ text }) => text)
    .join('')
    .replaceAll('`', '')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
