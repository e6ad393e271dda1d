import type { RequestIssue } from '../errors/errors.js'
import { isPlainObject, isRecord } from '../type-guards.js'
import { suggestionFor } from './suggestion.js'

/** A generated table: the part of JSON Schema that specs/README.md allows. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly minProperties?: number
  /** Two properties that must be equal if both are given. */
  readonly 'x-equal-properties'?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly anyOf?: readonly Schema[]
  readonly if?: Schema
  readonly then?: Schema
  /** The sentence for a value that breaks `anyOf`, `if` with `then`, `pattern`, or `x-equal-properties`. */
  readonly 'x-message'?: string
}

/** Everything in `value` that breaks the schema, one issue per cause; empty if nothing does. */
export function findIssues(schema: Schema, value: unknown): RequestIssue[] {
  const validation = new Validation()
  validation.check(schema, value)
  return validation.issues
}

/** Whether a value conforms to the schema. */
export function conforms(schema: Schema, value: unknown): boolean {
  return findIssues(schema, value).length === 0
}

class Validation {
  readonly issues: RequestIssue[] = []
  /** Names and indexes on the way to the current value. It becomes text only for an issue. */
  readonly #path: (string | number)[] = []

  check(schema: Schema, value: unknown): void {
    const { type } = schema
    if (!this.#checkAllowedValues(schema, value)) return
    if (type !== undefined && !isOfType(value, type)) {
      this.#add(`must be ${withArticle(type)}, not ${kindOf(value)}`)
      return
    }
    if (typeof value === 'string') this.#checkText(schema, value)
    else if (typeof value === 'number') this.#checkNumber(schema, value)
    this.#checkRules(schema, value)
    if (Array.isArray(value)) this.#checkList(schema, value)
    else if (isRecord(value)) this.#checkObject(schema, value)
  }

  /** A list of allowed values implies their type, so that there is one issue for both. */
  #checkAllowedValues({ enum: allowed, const: only }: Schema, value: unknown): boolean {
    const isAllowed = (allowed?.includes(value) ?? true) && (only === undefined || only === value)
    if (isAllowed) return true
    const values = allowed === undefined ? JSON.stringify(only) : `one of ${allowed.map(quoted).join(', ')}`
    const found = typeof value === 'string' && value !== '' ? 'another string' : kindOf(value)
    this.#add(`must be ${values}, not ${found}`)
    return false
  }

  #checkText({ minLength, maxLength, pattern, 'x-message': message }: Schema, text: string): void {
    const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(text).length
    if (maxLength !== undefined && length > maxLength) this.#add(`must have at most ${counted(maxLength, 'character')}`)
    if (minLength !== undefined && length < minLength)
      this.#add(`must have at least ${counted(minLength, 'character')}`)
    if (pattern !== undefined && !regExpOf(pattern).test(text)) {
      this.#add(message ?? `must match the pattern ${pattern}`)
    }
  }

  #checkNumber({ minimum, maximum }: Schema, value: number): void {
    if (minimum !== undefined && value < minimum) this.#add(`must be at least ${String(minimum)}`)
    if (maximum !== undefined && value > maximum) this.#add(`must be at most ${String(maximum)}`)
  }

  /** The message of a rule says what to do; its branches would only say how it was missed. */
  #checkRules({ anyOf, if: condition, then, 'x-message': message }: Schema, value: unknown): void {
    if (anyOf !== undefined && !anyOf.some((branch) => conforms(branch, value))) {
      this.#add(message ?? 'must match one of the alternatives')
    }
    if (condition === undefined || then === undefined) return
    if (conforms(condition, value) && !conforms(then, value)) this.#add(message ?? 'must meet the condition')
  }

  #checkList({ items, minItems, maxItems }: Schema, list: readonly unknown[]): void {
    if (minItems !== undefined && list.length < minItems) this.#add(`must have at least ${counted(minItems, 'item')}`)
    if (maxItems !== undefined && list.length > maxItems) this.#add(`must have at most ${counted(maxItems, 'item')}`)
    if (items !== undefined) for (const [index, item] of list.entries()) this.#checkAt(index, items, item)
  }

  #checkObject(schema: Schema, object: Record<string, unknown>): void {
    const { properties = {}, additionalProperties, required = [], minProperties = 0 } = schema
    if (minProperties > 0 && Object.values(object).filter((value) => value !== undefined).length < minProperties) {
      this.#add(`must have at least ${counted(minProperties, 'field')}`)
    }
    const equal = schema['x-equal-properties']
    if (equal !== undefined)
      this.#checkEqual(
        schema,
        equal.map((name) => object[name]),
      )
    for (const name of required) if (object[name] === undefined) this.#addAt(name, 'is required')
    if (additionalProperties === false) {
      for (const name in object) {
        if (!Object.hasOwn(properties, name)) {
          this.#addAt(name, `is not a known field; ${suggestionFor(name, Object.keys(properties))}`)
        }
      }
    }
    for (const name in properties) {
      const [schema, value] = [properties[name], object[name]]
      if (schema !== undefined && value !== undefined) this.#checkAt(name, schema, value)
    }
  }

  /** Values of two types have an issue for the type. */
  #checkEqual({ 'x-message': message = 'must have equal values' }: Schema, [one, other]: readonly unknown[]): void {
    if (typeof one === typeof other && one !== other) this.#add(message)
  }

  #checkAt(key: string | number, schema: Schema, value: unknown): void {
    this.#path.push(key)
    this.check(schema, value)
    this.#path.pop()
  }

  #addAt(name: string, message: string): void {
    this.#path.push(name)
    this.#add(message)
    this.#path.pop()
  }

  #add(message: string): void {
    this.issues.push({ path: pathText(this.#path), message })
  }
}

const regExps = new Map<string, RegExp>()

/** Kept, as creating one takes longer than everything else here. The patterns are those of the spec. */
function regExpOf(pattern: string): RegExp {
  const known = regExps.get(pattern)
  if (known !== undefined) return known
  const created = new RegExp(pattern, 'u')
  regExps.set(pattern, created)
  return created
}

/** As in `Operation.Output[0]`. */
function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${String(key)}]`
    return text === '' ? key : `${text}.${key}`
  }, '')
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isPlainObject(value)
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

/** The kind of a value, never the value: it may be a secret in the wrong field. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (value === undefined) return 'undefined'
  return value === '' ? 'an empty string' : withArticle(typeof value)
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`
}

function quoted(value: unknown): string {
  return JSON.stringify(value)
}
