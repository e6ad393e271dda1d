import type { Application } from 'typedoc'
import { nameEntryPoints } from './entry-points.js'
import { finishPages } from './finish.js'
import { SiteRouter } from './router.js'
import type { Site } from './site.js'
import { siteTheme } from './theme.js'

/** What makes TypeDoc's output this site. */
export function plugin(site: Site): (app: Application) => void {
  return (app) => {
    nameEntryPoints(app)
    app.renderer.defineRouter('site', SiteRouter)
    app.renderer.defineTheme('site', siteTheme(site))
    finishPages(app, site)
  }
}
