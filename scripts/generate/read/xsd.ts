// Reads the part of XML Schema that specs/README.md allows, and throws on anything else.
import path from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { SpecError } from '../document-place.js'

/** One element as an XSD declares it. */
export interface XsdElement {
  readonly name: string
  /** Undefined where the order of a choice leaves it open. */
  readonly required: boolean | undefined
  readonly repeats: boolean
  /** The closed value list of a text element. */
  readonly values?: readonly string[]
  readonly children?: readonly XsdElement[]
}

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
}

/**
 * The global elements of a schema file by name.
 *
 * @param texts the schema files by their paths, included ones too
 */
export function readXsd(file: string, texts: ReadonlyMap<string, string>): Map<string, XsdElement> {
  const types = new Map<string, Node>()
  const roots = readSchemas(file, texts, types, new Set())
  const elements = roots.map((node) => elementOf(node, { file, types, inChoice: false, inside: [] }))
  return new Map(elements.map((element) => [element.name, element]))
}

/** The paths of the files that a schema file includes. */
export function includesOf(text: string, file: string): string[] {
  return parse(text, file)
    .children.filter((node) => node.name === 'xs:include')
    .map((node) => {
      allowAttributes(node, ['schemaLocation'], file)
      return path.posix.join(path.posix.dirname(file), attribute(node, 'schemaLocation', file))
    })
}

/** Adds the types of a file and of those that it includes, and returns their global elements. */
function readSchemas(
  file: string,
  texts: ReadonlyMap<string, string>,
  types: Map<string, Node>,
  read: Set<string>,
): Node[] {
  if (read.has(file)) return []
  read.add(file)
  const text = texts.get(file)
  if (text === undefined) throw new SpecError(`${file}: does not exist: correct the path`)
  const nodes = only(parse(text, file), ['xs:include', 'xs:complexType', 'xs:simpleType', 'xs:element'], file)
  for (const node of nodes.filter(({ name }) => name.endsWith('Type'))) {
    const name = attribute(node, 'name', file)
    if (types.has(name)) throw new SpecError(`${file}: the type ${name} is there twice: remove one`)
    types.set(name, node)
  }
  const included = includesOf(text, file).flatMap((other) => readSchemas(other, texts, types, read))
  return [...nodes.filter(({ name }) => name === 'xs:element'), ...included]
}

interface Context {
  readonly file: string
  readonly types: ReadonlyMap<string, Node>
  readonly inChoice: boolean
  /** The types around the element. */
  readonly inside: readonly string[]
}

function elementOf(node: Node, context: Context): XsdElement {
  const { file, types, inChoice, inside } = context
  allowAttributes(node, ['name', 'type', 'minOccurs', 'maxOccurs'], file)
  const name = attribute(node, 'name', file)
  const { minOccurs = '1', maxOccurs = '1', type: typeName } = node.attributes
  if (!['0', '1'].includes(minOccurs) || !['1', 'unbounded'].includes(maxOccurs)) {
    throw new SpecError(`${file}: ${name} has an unsupported number of occurrences`)
  }
  const inline = only(node, ['xs:complexType', 'xs:simpleType'], file)[0]
  const base = { name, required: inChoice ? undefined : minOccurs === '1', repeats: maxOccurs === 'unbounded' }
  const type = typeName === undefined ? inline : types.get(typeName)
  if (type === undefined) {
    if (typeName === 'xs:string') return base
    throw new SpecError(`${file}: ${name} has the unknown type ${String(typeName)}`)
  }
  if (type.name === 'xs:complexType') {
    if (typeName === undefined) return { ...base, children: childrenOf(type, context) }
    if (inside.includes(typeName)) throw new SpecError(`${file}: the type ${typeName} contains itself`)
    return { ...base, children: childrenOf(type, { ...context, inside: [...inside, typeName] }) }
  }
  const values = closedValuesOf(type, context)
  return values === undefined ? base : { ...base, values }
}

function childrenOf(type: Node, context: Context): XsdElement[] {
  const { file } = context
  allowAttributes(type, ['name'], file)
  const [group, ...others] = only(type, ['xs:all', 'xs:choice'], file)
  if (group === undefined || others.length > 0)
    throw new SpecError(`${file}: a complex type must hold one xs:all or xs:choice`)
  const inChoice = group.name === 'xs:choice'
  allowAttributes(group, inChoice ? ['minOccurs', 'maxOccurs'] : [], file)
  if (inChoice && group.attributes['maxOccurs'] !== 'unbounded')
    throw new SpecError(`${file}: a choice must be unbounded`)
  return only(group, ['xs:element'], file).map((child) => elementOf(child, { ...context, inChoice }))
}

/** The enumeration of a simple type; undefined where any string is allowed. */
function closedValuesOf(type: Node, context: Context): readonly string[] | undefined {
  const { file } = context
  const [rule, ...others] = only(type, ['xs:restriction', 'xs:union'], file)
  if (rule === undefined || others.length > 0)
    throw new SpecError(`${file}: a simple type must be one restriction or union`)
  if (rule.name === 'xs:union') {
    const members = attribute(rule, 'memberTypes', file).split(' ')
    if (members.at(-1) !== 'xs:string') throw new SpecError(`${file}: a union must end in xs:string`)
    return undefined
  }
  if (attribute(rule, 'base', file) !== 'xs:string') throw new SpecError(`${file}: a restriction must be of xs:string`)
  const facets = only(rule, ['xs:enumeration', 'xs:pattern', 'xs:maxLength', 'xs:minLength'], file)
  const values = facets.filter(({ name }) => name === 'xs:enumeration').map((facet) => attribute(facet, 'value', file))
  return values.length === 0 ? undefined : values
}

/** The children of a node, which may be annotations and the given kinds. */
function only(node: Node, kinds: readonly string[], file: string): Node[] {
  const children = node.children.filter(({ name }) => name !== 'xs:annotation')
  const stranger = children.find(({ name }) => !kinds.includes(name))
  if (stranger !== undefined) throw new SpecError(`${file}: ${stranger.name} inside ${node.name} is not supported`)
  return children
}

function allowAttributes(node: Node, names: readonly string[], file: string): void {
  const stranger = Object.keys(node.attributes).find((name) => !names.includes(name))
  if (stranger !== undefined) throw new SpecError(`${file}: attribute ${stranger} of ${node.name} is not supported`)
}

function attribute(node: Node, name: string, file: string): string {
  const value = node.attributes[name]
  if (value === undefined) throw new SpecError(`${file}: ${node.name} needs the attribute ${name}`)
  return value
}

const ATTRIBUTES = ':@'

function parse(text: string, file: string): Node {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    ignoreDeclaration: true,
  })
  const schema = nodesOf(parser.parse(text)).find(({ name }) => name === 'xs:schema')
  if (schema === undefined) throw new SpecError(`${file}: no xs:schema at the root`)
  return schema
}

/** The parser's ordered form: a list of objects with one element each, and its attributes under ":@". */
function nodesOf(list: unknown): Node[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: Record<string, unknown>) =>
    Object.entries(entry)
      .filter(([name]) => name !== ATTRIBUTES && !name.startsWith('#'))
      .map(([name, children]) => ({ name, attributes: attributesOf(entry[ATTRIBUTES]), children: nodesOf(children) })),
  )
}

function attributesOf(attributes: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes ?? {}).map(([name, value]) => [name, String(value)]))
}
