import type { Document, Provider } from '../read/provider.js'
import { fileName, upperFirst } from '../names.js'
import { docComment } from './comment.js'
import { header } from './source.js'

/** The type of the generated openapi-fetch clients: one, or one per document. */
export function rawModule(provider: Provider): string {
  const { documents, typeName } = provider
  const top = `${header(provider.folder)}import type { RawClient } from '../../src/client/raw.js'\n`
  const [only] = documents
  if (only?.key === '') {
    return `${top}import type { paths } from './paths/${fileName(only.root)}.js'\n\n${commentOf(only)}export type ${typeName}Raw = RawClient<paths>\n`
  }
  const imports = documents.map(
    ({ key, root }) => `import type { paths as ${pathsName(key)} } from './paths/${fileName(root)}.js'\n`,
  )
  const fields = documents.map(
    (document) => `${commentOf(document)}readonly ${document.key}: RawClient<${pathsName(document.key)}>\n`,
  )
  const comment = docComment('The generated openapi-fetch clients, one per document.')
  return `${top}${imports.join('')}\n${comment}export interface ${typeName}Raw {\n${fields.join('')}}\n`
}

function pathsName(key: string): string {
  return `${upperFirst(key)}Paths`
}

function commentOf({ place }: Document): string {
  return docComment(`The openapi-fetch client of ${place.child('info').child('title').text()}.`)
}
