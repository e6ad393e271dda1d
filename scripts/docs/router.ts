import {
  DocumentReflection,
  StructureRouter,
  type PageDefinition,
  type ProjectReflection,
  type Reflection,
} from 'typedoc'

/** Documents are where their front matter says, the TypeScript reference is in api/, its overview beside index.html. */
export class SiteRouter extends StructureRouter {
  override buildPages(project: ProjectReflection): PageDefinition[] {
    // Both pages are of the project, so they must be in the same folder.
    const url = 'api.html'
    const pages = super.buildPages(project).map((page) => (page.url === 'modules.html' ? { ...page, url } : page))
    this.fullUrls.set(project, url)
    return pages
  }

  protected override getIdealBaseName(reflection: Reflection): string {
    const path = reflection instanceof DocumentReflection ? reflection.frontmatter['path'] : undefined
    return typeof path === 'string' ? path : `api/${super.getIdealBaseName(reflection)}`
  }
}
