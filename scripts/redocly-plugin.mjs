// House rules of specs/README.md that Redocly has no rule for.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ParseOption, XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

// libxml2 reads the files that an XSD includes through these.
xmlRegisterFsInputProviders()

/** Every XML example is a file that is valid according to its XSD. */
function xmlExamplesMatchXsd() {
  return {
    MediaType: {
      enter(mediaType, { report, location, key, resolve }) {
        if (key !== 'application/xml') return
        const xsd = mediaType['x-xsd']
        if (xsd === undefined) {
          report({ message: 'An XML body needs x-xsd.', location: location.key() })
          return
        }
        // The linter does not resolve references in an extension. x-xsd is relative to the provider's folder.
        const schemaFile = path.resolve(providerFolder(location.source.absoluteRef), xsd)
        for (const [name, reference] of Object.entries(mediaType.examples ?? {})) {
          const { node: example, location: at = location } = reference.$ref
            ? resolve(reference)
            : { node: reference, location: location.child(['examples', name]) }
          if (example?.externalValue === undefined) {
            report({ message: 'An XML example is a file, in externalValue.', location: at })
            continue
          }
          const file = path.resolve(path.dirname(at.source.absoluteRef), example.externalValue)
          const problem = problemOf(file, schemaFile)
          if (problem !== undefined) {
            report({ message: `${path.basename(file)} breaks ${path.basename(schemaFile)}: ${problem}`, location: at })
          }
        }
      },
    },
  }
}

/** @param {string} file */
function providerFolder(file) {
  const parts = file.split(path.sep)
  return parts.slice(0, parts.lastIndexOf('specs') + 2).join(path.sep)
}

/**
 * @param {string} file
 * @param {string} schemaFile
 * @returns {string | undefined}
 */
function problemOf(file, schemaFile) {
  const open = []
  try {
    const schema = XmlDocument.fromBuffer(readFileSync(schemaFile), { url: schemaFile })
    open.push(schema)
    const validator = XsdValidator.fromDoc(schema)
    open.push(validator)
    const document = XmlDocument.fromBuffer(readFileSync(file), { option: ParseOption.XML_PARSE_NONET })
    open.push(document)
    validator.validate(document)
    return undefined
  } catch (error) {
    if (error instanceof XmlLibError || error.code === 'ENOENT') return error.message.trim()
    throw error
  } finally {
    for (const resource of open.reverse()) resource.dispose()
  }
}

/** Every property has a description, its own or that of the schema that it refers to. */
function propertiesDescribed() {
  return {
    SchemaProperties: {
      enter(properties, { report, location, resolve }) {
        for (const [name, property] of Object.entries(properties)) {
          const described = property.description ?? (property.$ref && resolve(property).node?.description)
          if (!described) {
            report({ message: `The property ${name} has no description.`, location: location.child([name]).key() })
          }
        }
      },
    },
  }
}

/** Every body has an example. */
function bodiesHaveExamples() {
  return {
    MediaType: {
      enter(mediaType, { report, location }) {
        if (Object.keys(mediaType.examples ?? {}).length === 0) {
          report({ message: 'A body needs at least one example.', location: location.key() })
        }
      },
    },
  }
}

/** A default belongs in the description, as a generator would make the field required. */
function noDefaults() {
  return {
    Schema: {
      enter(schema, { report, location }) {
        if ('default' in schema) {
          report({ message: 'A default belongs in the description.', location: location.child(['default']).key() })
        }
      },
    },
  }
}

export default function plugin() {
  return {
    id: 'contract',
    rules: {
      oas3: {
        'xml-examples-match-xsd': xmlExamplesMatchXsd,
        'properties-described': propertiesDescribed,
        'bodies-have-examples': bodiesHaveExamples,
        'no-defaults': noDefaults,
      },
    },
  }
}
