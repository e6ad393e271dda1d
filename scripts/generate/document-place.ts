/** One OpenAPI document with all its files folded in, and the XSDs that it names. */
export interface Bundle {
  /** Its name in redocly.yaml. */
  readonly name: string
  /** The path of its main file, such as specs/huawei-vod/openapi.yaml. */
  readonly root: string
  readonly content: unknown
  /** The text of each XSD by its path. */
  readonly xsds: ReadonlyMap<string, string>
}

/** Something in a spec that generation does not support: `file: pointer: what: fix`. */
export class SpecError extends Error {}

/** A value in a bundle and the JSON pointer to it. Every read checks the type and names the place of a wrong one. */
export class Place {
  readonly bundle: Bundle
  readonly value: unknown
  private readonly path: readonly string[]

  constructor(bundle: Bundle, value: unknown, path: readonly string[]) {
    this.bundle = bundle
    this.value = value
    this.path = path
  }

  static rootOf(bundle: Bundle): Place {
    return new Place(bundle, bundle.content, [])
  }

  get pointer(): string {
    return this.path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  }

  /** The last name of the pointer. */
  get name(): string {
    return this.path.at(-1) ?? ''
  }

  get exists(): boolean {
    return this.value !== undefined
  }

  error(what: string, fix: string): SpecError {
    return new SpecError(`${this.bundle.root}: ${this.pointer || '/'}: ${what}: ${fix}`)
  }

  /** The value under a name, as it stands; a place without a value if there is none. */
  child(name: string): Place {
    const value = isRecord(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined
    return new Place(this.bundle, value, [...this.path, name])
  }

  /** The value under a name, or the component that it refers to. */
  at(name: string): Place {
    return this.child(name).target()
  }

  target(passed: readonly string[] = []): Place {
    const ref = this.reference()
    if (ref === undefined) return this
    if (passed.includes(ref)) throw this.error(`${ref} refers to itself`, 'refer to a component that has content')
    const [, kind = '', name = ''] = /^#\/components\/(\w+)\/([\w.-]+)$/.exec(ref) ?? []
    const found = Place.rootOf(this.bundle).child('components').child(kind).child(name)
    if (!found.exists) throw this.error(`${ref} is not a component`, 'refer to a component of the document')
    return found.target([...passed, ref])
  }

  private reference(): string | undefined {
    return isRecord(this.value) && this.value['$ref'] !== undefined ? this.child('$ref').text() : undefined
  }

  /** The names in an object; none if there is no value. */
  names(): string[] {
    if (this.value === undefined) return []
    if (!isRecord(this.value)) throw this.error('must be an object', 'write names with values')
    return Object.keys(this.value)
  }

  /** The values of an object by their names, references followed. */
  entries(): [string, Place][] {
    return this.names().map((name) => [name, this.at(name)])
  }

  /** The items of a list as they stand; none if there is no value. */
  items(): Place[] {
    if (this.value === undefined) return []
    if (!Array.isArray(this.value)) throw this.error('must be a list', 'write a list')
    return this.value.map((item, index) => new Place(this.bundle, item, [...this.path, String(index)]))
  }

  text(fix = 'write a text'): string {
    if (typeof this.value === 'string' && this.value !== '') return this.value
    throw this.error(this.exists ? 'must be a text that is not empty' : 'is missing', fix)
  }

  optionalText(): string | undefined {
    return this.exists ? this.text() : undefined
  }

  number(fix = 'write a number'): number {
    if (typeof this.value === 'number') return this.value
    throw this.error(this.exists ? 'must be a number' : 'is missing', fix)
  }

  oneOf<const T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((value) => value === this.value)
    if (found !== undefined) return found
    const what = this.exists ? `${JSON.stringify(this.value)} is not supported` : 'is missing'
    throw this.error(what, `write ${allowed.join(' or ')}`)
  }

  /** Rejects names other than these and extensions. */
  allow(names: readonly string[], fix = `supported here: ${names.join(', ')}`): void {
    const stranger = this.names().find((name) => !names.includes(name) && !name.startsWith('x-'))
    if (stranger !== undefined) throw this.child(stranger).error('is not supported', fix)
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
