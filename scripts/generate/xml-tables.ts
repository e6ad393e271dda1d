import path from 'node:path'
import {
  component,
  dereference,
  header,
  mediaTypeOf,
  operationsOf,
  successOf,
  type BundledDocument,
  type MediaType,
  type Schema,
} from './documents.js'
import { readXsd, type XsdElement } from './xsd.js'

/** The codec tables of every document with XML bodies, after comparing its schemas with its XSDs. */
export async function xmlModules(documents: readonly BundledDocument[]): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const document of documents) {
    for (const { operation } of operationsOf(document.content)) {
      const { contentType, media } = mediaTypeOf(operation.requestBody.content)
      if (contentType !== 'application/xml') continue
      const { response } = successOf(operation, document.content)
      const request = await compared(media, document)
      const answer = await compared(mediaTypeOf(response.content).media, document)
      files.set(
        `${document.folder}/xml.ts`,
        header(document.root, xsdOf(media, document)) +
          tableOf('requestElement', request) +
          tableOf('responseElement', answer),
      )
      const error = await compared(errorMediaOf(document), document)
      files.set(
        `${document.provider}/error-xml.ts`,
        header(xsdOf(errorMediaOf(document), document)) + tableOf('errorElement', error),
      )
    }
  }
  return files
}

function errorMediaOf(document: BundledDocument): MediaType {
  for (const { operation } of operationsOf(document.content)) {
    for (const [status, reference] of Object.entries(operation.responses)) {
      if (status.startsWith('2')) continue
      const { $ref } = reference
      const response = $ref === undefined ? reference : component(document.content.components.responses, $ref)
      return mediaTypeOf(response.content).media
    }
  }
  throw new Error(`${document.root} has no error response`)
}

function xsdOf(media: MediaType, document: BundledDocument): string {
  if (media['x-xsd'] === undefined) throw new Error(`${document.root}: an XML body has no x-xsd`)
  return path.posix.join(path.posix.dirname(document.root), media['x-xsd'])
}

/** The XSD's element for a body, once the OpenAPI schema has been found to say the same. */
async function compared(media: MediaType, document: BundledDocument): Promise<XsdElement> {
  const file = xsdOf(media, document)
  const schema = dereference(media.schema, document.content)
  const rootName = schema.xml?.name
  const element = rootName === undefined ? undefined : (await readXsd(file)).get(rootName)
  if (element === undefined) throw new Error(`xsd-and-schema-disagree: ${file} has no element ${String(rootName)}`)
  const differences = differencesOf(element, schema, element.name)
  if (differences.length > 0) {
    throw new Error(differences.map((difference) => `xsd-and-schema-disagree: ${file}: ${difference}`).join('\n'))
  }
  return element
}

function differencesOf(element: XsdElement, schema: Schema, place: string): string[] {
  const properties = schema.properties ?? {}
  if ((element.children === undefined) !== (schema.properties === undefined)) {
    return [`${place} holds text in one and elements in the other`]
  }
  if (element.children === undefined) return differencesOfText(element, schema, place)
  const children = new Map(element.children.map((child) => [child.name, child]))
  const onlyInSchema = Object.keys(properties).filter((name) => !children.has(name))
  return [
    ...onlyInSchema.map((name) => `${place}.${name} is only in the OpenAPI schema`),
    ...element.children.flatMap((child) => {
      const property = properties[child.name]
      const inside = `${place}.${child.name}`
      if (property === undefined) return [`${inside} is only in the XSD`]
      const required = schema.required?.includes(child.name) === true
      return [
        ...(child.required !== undefined && child.required !== required ? [`${inside} is required in only one`] : []),
        ...(child.repeats !== (property.type === 'array') ? [`${inside} repeats in only one`] : []),
        ...differencesOf(child, property.items ?? property, inside),
      ]
    }),
  ]
}

function differencesOfText(element: XsdElement, schema: Schema, place: string): string[] {
  const closed = schema.const === undefined ? schema.enum : [schema.const]
  const [inXsd, inSchema] = [element.values, closed].map((values) => JSON.stringify([...(values ?? [])].sort()))
  return inXsd === inSchema
    ? []
    : [`${place} has the values ${String(inXsd)} in the XSD, ${String(inSchema)} in the schema`]
}

interface Table {
  name: string
  repeats?: true
  children?: Table[]
}

function tableOf(constant: string, element: XsdElement): string {
  return `\nexport const ${constant} = ${JSON.stringify(table(element), null, 2)} as const\n`
}

function table(element: XsdElement): Table {
  return {
    name: element.name,
    ...(element.repeats && { repeats: true }),
    ...(element.children && { children: element.children.map(table) }),
  }
}
