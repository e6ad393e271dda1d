import { DefaultTheme, type NavigationElement, type ProjectReflection, type Renderer } from 'typedoc'
import type { Site } from './site.js'

/** TypeDoc's theme with the sidebar of the site. */
export function siteTheme(site: Site): new (renderer: Renderer) => DefaultTheme {
  return class extends DefaultTheme {
    override buildNavigation(project: ProjectReflection): NavigationElement[] {
      const modules = (project.children ?? []).map((module) => ({ text: module.name, path: this.router.getFullUrl(module) }))
      return [
        ...site.sections.map(({ index, pages, hidden }) => {
          const shown = hidden === true ? pages.filter(({ path }) => path.includes('-')) : pages
          if (shown.length === 0) return { text: index.title, path: `${index.path}.html` }
          return branch(index.title, [
            { text: 'Overview', path: `${index.path}.html` },
            ...shown.map(({ title, path }) => ({ text: title, path: `${path}.html` })),
          ])
        }),
        branch('TypeScript reference', [{ text: 'Overview', path: 'api/index.html' }, ...modules]),
        branch(
          'Raw contract',
          site.contract.map(({ title, url }) => ({ text: title, path: url })),
        ),
      ]
    }
  }
}

// Without a path: a link inside the summary of an accordion cannot be operated by keyboard.
function branch(text: string, children: NavigationElement[]): NavigationElement {
  return { text, children }
}
