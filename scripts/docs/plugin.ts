import { JSX, type Application } from 'typedoc'
import { finishPages } from './finish.js'
import { prepareReference } from './reference.js'
import { SiteRouter } from './router.js'
import type { Site } from './site.js'
import { siteTheme } from './theme.js'

// A page can load what is beside it, from disk too, and nothing else.
const POLICY = `default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'`

/** What makes TypeDoc's output this site. */
export function plugin(site: Site): (app: Application) => void {
  return ({ converter, renderer }) => {
    prepareReference(converter)
    renderer.defineRouter('site', SiteRouter)
    renderer.defineTheme('site', siteTheme(site))
    renderer.hooks.on('head.begin', () =>
      JSX.createElement('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    )
    finishPages(renderer, site)
  }
}
