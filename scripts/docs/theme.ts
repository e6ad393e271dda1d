import {
  DefaultTheme,
  DefaultThemeRenderContext,
  ReflectionFlag,
  type NavigationElement,
  type ProjectReflection,
  type Reflection,
  type Renderer,
} from 'typedoc'
import type { Site } from './site.js'

/** TypeDoc's theme with the sidebar of the site. */
export function siteTheme({ sections, contract }: Site): new (renderer: Renderer) => DefaultTheme {
  return class extends DefaultTheme {
    override ContextClass = SiteContext

    override buildNavigation(project: ProjectReflection): NavigationElement[] {
      const link = (text: string, path: string): NavigationElement => ({ text, path })
      const modules = (project.children ?? []).map((module) => link(module.name, this.router.getFullUrl(module)))
      return [
        ...sections.map(({ index, pages, hidden }) => {
          const own = `${index.path}.html`
          if (hidden === true || pages.length === 0) return link(index.title, own)
          return branch(index.title, [
            link('Overview', own),
            ...pages.map(({ title, path }) => link(title, `${path}.html`)),
          ])
        }),
        branch('TypeScript reference', [link('Overview', 'api.html'), ...modules]),
        branch(
          'Raw contract',
          contract.map(({ title, url }) => link(title, url)),
        ),
      ]
    }
  }
}

// Without a path: a link in the summary of an accordion is out of reach of the keyboard.
function branch(text: string, children: NavigationElement[]): NavigationElement {
  return { text, children }
}

class SiteContext extends DefaultThemeRenderContext {
  constructor(...parameters: ConstructorParameters<typeof DefaultThemeRenderContext>) {
    super(...parameters)
    this.reflectionFlags = withoutReadonly(this.reflectionFlags)
  }
}

/** All fields of a request or response are read-only, so the flag says nothing. */
function withoutReadonly<Result>(render: (props: Reflection) => Result): (props: Reflection) => Result {
  return (props) => {
    const readonly = props.flags.isReadonly
    props.setFlag(ReflectionFlag.Readonly, false)
    const result = render(props)
    props.setFlag(ReflectionFlag.Readonly, readonly)
    return result
  }
}
