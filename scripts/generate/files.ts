import { format, resolveConfig } from 'prettier'
import type { Bundle } from './document-place.js'
import { readProviders, type Provider } from './read/provider.js'
import { methodsModule } from './write/methods.js'
import { operationsModule } from './write/operations.js'
import { pathsModule } from './write/paths.js'
import {
  adviceModule,
  codesModule,
  errorCodesModule,
  errorMessagesModule,
  examplesModule,
  providerModule,
  statesModule,
} from './write/provider.js'
import { rawModule } from './write/raw.js'
import { schemasModule } from './write/schemas.js'
import { fileName } from './names.js'
import { typesModule } from './write/types.js'
import { webhooksModule } from './write/webhooks.js'
import { xmlModule } from './write/xml.js'

/** The files of generated/ by their paths below it. */
export async function generatedFiles(bundles: readonly Bundle[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const { name, content } of bundles) files.set(`specs/${name}.json`, `${JSON.stringify(content, null, 2)}\n`)
  const config = await resolveConfig('generated/module.ts')
  for (const provider of readProviders(bundles)) {
    for (const [name, source] of await modulesOf(provider)) {
      files.set(`${provider.name}/${name}.ts`, await format(source, { ...config, parser: 'typescript' }))
    }
  }
  return files
}

async function modulesOf(provider: Provider): Promise<[string, string][]> {
  const paths = provider.documents.map(async (document): Promise<[string, string]> => {
    return [`paths/${fileName(document.root)}`, await pathsModule(document)]
  })
  return [
    ['types', await typesModule(provider)],
    ['operations', operationsModule(provider)],
    ['schemas', schemasModule(provider)],
    ...optional('xml', xmlModule(provider)),
    ['methods', methodsModule(provider)],
    ['raw', rawModule(provider)],
    ...(await Promise.all(paths)),
    ...optional('states', statesModule(provider)),
    ['provider', providerModule(provider)],
    ['error-codes', errorCodesModule(provider)],
    ['advice', adviceModule(provider)],
    ['error-messages', errorMessagesModule(provider)],
    ['codes', codesModule(provider)],
    ['examples', examplesModule(provider)],
    ...optional('webhooks', webhooksModule(provider)),
  ]
}

/** A module that a provider may lack. */
function optional(name: string, source: string | undefined): [string, string][] {
  return source === undefined ? [] : [[name, source]]
}
