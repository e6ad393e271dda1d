// House rules of specs/README.md that Redocly has no rule for.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ParseOption, XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { parse } from 'yaml'

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

// The operation's own page is its externalDocs; other sources are in x-source and x-errata.
const PROVENANCE = [
  /\berrat(?:a|um)\b/i,
  /\b(?:the|this|that|these|its|both|English|Chinese|operation|provider|template|[a-z]+'s?(?: \w+){0,2}) pages?\b/i,
  /\b(?:the|its|their) (?:tables?|examples?|samples?(?! (?:rate|format|aspect))|docs|documentation)\b/i,
  /\bSDKs\b|'s SDK\b/,
]

/** A text for callers says what they need, and nothing of where that is from. */
function textsForCallers() {
  return {
    any: {
      enter(node, { report, location }) {
        for (const [path, text] of textsOf(node)) {
          const found = PROVENANCE.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined)
          if (found === undefined) continue
          const message = `"${found}" is about the source: say what a caller needs, and put the source into x-source or x-errata.`
          report({ message, location: location.child(path) })
        }
      },
    },
    Root: {
      enter(root, { report, location }) {
        const file = root['x-error-codes']
        if (typeof file !== 'string') return
        const codes = parse(readFileSync(path.resolve(path.dirname(location.source.absoluteRef), file), 'utf8'))
        for (const [code, { meaning, hint }] of Object.entries(codes)) {
          for (const text of [meaning, hint]) {
            if (!PROVENANCE.some((pattern) => pattern.test(text))) continue
            report({ message: `${code}: "${text}" is about the source.`, location: location.child(['x-error-codes']) })
          }
        }
      },
    },
  }
}

/** The texts of a node that callers read, each with the path to it. */
function textsOf(node) {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return []
  const own = ['title', 'summary', 'description', 'x-message', 'x-if-in-doubt'].map((name) => [[name], node[name]])
  const values = Object.entries(node['x-enumDescriptions'] ?? {}).map(([value, text]) => [
    ['x-enumDescriptions', value],
    text,
  ])
  return [...own, ...values].filter(([, text]) => typeof text === 'string')
}

/** Readers see the titles of alternatives; without them, "case 1" and fields that look required. */
function alternativesHaveTitles() {
  return {
    Schema: {
      enter(schema, { report, location }) {
        const branches = [
          ...(schema.anyOf ?? []).map((branch, index) => [['anyOf', index], branch]),
          ...(schema.if === undefined ? [] : ['if', 'else'].map((name) => [[name], schema[name]])),
        ]
        for (const [path, branch] of branches) {
          if (branch?.title === undefined && branch?.$ref === undefined) {
            report({ message: `${path[0]} needs a title.`, location: location.child(path) })
          }
        }
      },
    },
  }
}

/** Sources are lists of URLs, errata are lists of numbers. */
function sourcesAreLists() {
  const isList = (list, isItem) => Array.isArray(list) && list.length > 0 && list.every(isItem)
  return {
    any: {
      enter(node, { report, location }) {
        const { 'x-source': sources, 'x-errata': errata } = node ?? {}
        if (sources !== undefined && !isList(sources, (url) => /^https:\/\/\S+$/.test(url))) {
          report({ message: 'x-source is a list of URLs.', location: location.child(['x-source']) })
        }
        if (errata !== undefined && !isList(errata, Number.isInteger)) {
          report({ message: 'x-errata is a list of numbers.', location: location.child(['x-errata']) })
        }
      },
    },
  }
}

/** Every workflow has a summary and a description, and every step a description. */
function workflowsDescribed() {
  const demand = (node, what, fields, { report, location }) => {
    for (const field of fields) {
      if (!node[field]) report({ message: `The ${what} has no ${field}.`, location: location.key() })
    }
  }
  return {
    Workflow: {
      enter(workflow, context) {
        demand(workflow, 'workflow', ['summary', 'description'], context)
      },
    },
    Step: {
      enter(step, context) {
        demand(step, 'step', ['description'], context)
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
        'texts-for-callers': textsForCallers,
        'alternatives-have-titles': alternativesHaveTitles,
        'sources-are-lists': sourcesAreLists,
      },
      arazzo1: {
        'properties-described': propertiesDescribed,
        'texts-for-callers': textsForCallers,
        'sources-are-lists': sourcesAreLists,
        'workflows-described': workflowsDescribed,
      },
    },
  }
}
