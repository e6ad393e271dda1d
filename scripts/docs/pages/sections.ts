import type { Provider } from '../../generate/read/provider.js'
import type { Section } from './page.js'

/** The sections that the specs fill. */
export function specSections(providers: readonly Provider[]): Section[] {
  const operations = providers.flatMap((provider) => provider.operations)
  return [
    {
      index: { path: 'operations/index', title: 'Operations', summary: 'All operations.', markdown: 'All operations.' },
      pages: operations.map(({ id, summary }) => ({
        path: `operations/${id}`,
        title: id,
        summary,
        markdown: `<p class="lead">${summary}</p>\n\n## Request\n\n[Guides](site:guides/index.html)\n`,
      })),
    },
    {
      index: { path: 'errors/index', title: 'Error codes', summary: 'All error codes.', markdown: 'All error codes.' },
      pages: providers.flatMap(({ facts }) =>
        Object.entries(facts.errorCodes).map(([code, { meaning, hint }]) => ({
          path: `errors/${code}`,
          title: code,
          summary: meaning,
          markdown: `<p class="lead">${meaning}</p>\n\n${hint}\n`,
        })),
      ),
      hidden: true,
    },
    { index: { path: 'states/index', title: 'States', summary: 'All states.', markdown: 'All states.' }, pages: [] },
    { index: { path: 'errata/index', title: 'Errata', summary: 'All errata.', markdown: 'All errata.' }, pages: [] },
  ]
}
