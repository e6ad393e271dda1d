import { PageEvent, type Application } from 'typedoc'
import type { Site } from './site.js'

/** Changes every page once TypeDoc has written it. */
export function finishPages(app: Application, _site: Site): void {
  app.renderer.on(PageEvent.END, (page: PageEvent) => {
    page.contents = relativeLinks(page.contents ?? '', page.url)
  })
}

/** Makes `site:` addresses relative to the page. */
function relativeLinks(html: string, url: string): string {
  const base = '../'.repeat(url.split('/').length - 1)
  return html.replaceAll(/(href=")site:/g, `$1${base}`)
}
