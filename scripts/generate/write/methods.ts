import type { Operation } from '../read/operation.js'
import type { Provider } from '../read/provider.js'
import { isOptional } from '../read/request.js'
import { docComment } from './comment.js'
import { header } from './source.js'

const ERRORS =
  'RequestValidationError, ApiError, UnexpectedResponseError, ConnectionError, TimeoutError, AbortedError, CredentialsError'

const RETRIES = {
  'refused-only': 'The client retries a call only if the request certainly did not run.',
  idempotent: 'The operation is idempotent: the client also retries a call whose request may have run.',
}

/** The interface of the methods, as a person reads it. */
export function methodsModule(provider: Provider): string {
  const { operations, typeName } = provider
  const names = operations.flatMap(({ request, result }) => [request.typeName, result.type.replace(/(\[\])+$/, '')])
  const types = [...new Set(names)].filter((name) => name !== 'undefined').sort()
  return [
    header(provider.folder),
    `import type { CallPromise } from '../../src/client/call.js'\n`,
    `import type { CallOptions } from '../../src/client/options.js'\n`,
    `import type { ${types.join(', ')} } from './types.js'\n\n`,
    docComment(`One method per operation of ${provider.documents.map(({ place }) => titleOf(place)).join(', ')}.`),
    `export interface ${typeName}Methods {\n`,
    operations.map((operation) => methodOf(operation, provider)).join('\n'),
    `}\n`,
  ].join('')
}

function titleOf(document: Operation['place']): string {
  return document.child('info').child('title').text()
}

function methodOf({ id, request, result, ...operation }: Operation, { schemas }: Provider): string {
  const { summary, description, retrySafety, page } = operation
  const comment = docComment(
    `${summary.replace(/\.?$/, '.')}\n\n${description}\n\n${RETRIES[retrySafety]}`,
    `@throws ${ERRORS}`,
    ...(page === undefined ? [] : [`@see ${page}`]),
  )
  const optional = isOptional(request, schemas) ? '?' : ''
  return `${comment}${id}(request${optional}: ${request.typeName}, options?: CallOptions): CallPromise<${result.type}>\n`
}
