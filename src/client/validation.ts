import { isRecord } from '../type-guards.js'
import type { RequestIssue } from '../errors/errors.js'
import { suggestionFor } from './suggestion.js'

/** A generated validator: a JSON Schema check that leaves what it found on itself. */
export interface Validator<T = unknown> {
  (value: unknown): value is T
  errors?: readonly Finding[] | null
  /** The spec's own sentence for a cross-field rule or a pattern, by the place of its schema. */
  readonly messages: Readonly<Record<string, string>>
  /** The names that each closed object knows, by the place of its schema. */
  readonly fields: Readonly<Record<string, readonly string[]>>
}

/** One finding of a generated validator. */
interface Finding {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Everything in `request` that breaks the schema, one issue a cause; empty if it is fine. */
export function findIssues(validator: Validator, request: unknown): RequestIssue[] {
  if (validator(request)) return []
  const findings = validator.errors ?? []
  const placesOf = (...keywords: string[]): Set<string> =>
    new Set(findings.filter(({ keyword }) => keywords.includes(keyword)).map(({ instancePath }) => instancePath))
  const ofWrongType = placesOf('type')
  const outsideList = placesOf('enum', 'const')
  const issues: RequestIssue[] = []
  for (const finding of findings) {
    const { instancePath: place } = finding
    const rule = /^(.*?)\/(anyOf|if|then|pattern)(\/.*)?$/.exec(finding.schemaPath)
    const message = rule === null ? undefined : validator.messages[rule[1] ?? '']
    if (message === undefined) {
      // The list of values says the type too.
      if (finding.keyword !== 'type' || !outsideList.has(place))
        issues.push(issueOf(finding, request, validator.fields))
    }
    // The branches of a rule say how it was missed; the rule itself says what to do, of a value of the right type.
    else if (rule?.[3] === undefined && finding.keyword !== 'then' && !ofWrongType.has(place)) {
      issues.push({ path: pathOf(place), message })
    }
  }
  return issues
}

function issueOf(finding: Finding, request: unknown, fields: Validator['fields']): RequestIssue {
  const path = pathOf(finding.instancePath)
  const { params } = finding
  const found = classOf(at(request, finding.instancePath))
  switch (finding.keyword) {
    case 'required':
      return { path: join(path, String(params['missingProperty'])), message: 'is required' }
    case 'additionalProperties': {
      const name = String(params['additionalProperty'])
      const known = fields[finding.schemaPath.slice(0, finding.schemaPath.lastIndexOf('/'))] ?? []
      return { path: join(path, name), message: `is not a field the spec knows; ${suggestionFor(name, known)}` }
    }
    case 'enum':
      return { path, message: `must be one of ${list(params['allowedValues'])}, not ${other(found)}` }
    case 'const':
      return { path, message: `must be ${JSON.stringify(params['allowedValue'])}, not ${other(found)}` }
    case 'type':
      return { path, message: `must be ${withArticle(String(params['type']))}, not ${found}` }
    case 'maxLength':
      return { path, message: `must have at most ${String(params['limit'])} characters` }
    default:
      return { path, message: `breaks the rule ${finding.keyword}` }
  }
}

/** `/Operation/Output/0` as `Operation.Output[0]`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map(unescapePointer)
    .reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : join(path, key)), '')
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => (isRecord(node) ? node[unescapePointer(key)] : undefined), value)
}

/** The kind of a value, never the value: it may be a secret in the wrong place. */
function classOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (value === undefined) return 'undefined'
  return value === '' ? 'an empty string' : withArticle(typeof value)
}

/** For lists of strings, where "a string" would say nothing. */
function other(found: string): string {
  return found === 'a string' ? 'another string' : found
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

function list(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : ''
}
