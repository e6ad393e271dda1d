import { isRecord, type Place } from '../../generate/document-place.js'

/** Where the facts of an operation are from. */
export interface Provenance {
  readonly errata: readonly number[]
  readonly sources: readonly string[]
}

/** All sources and errata of a place and of what it refers to, in the order of the document; errata by number. */
export function provenanceOf(place: Place): Provenance {
  const errata = new Set<number>()
  const sources = new Set<string>()
  const seen = new Set<unknown>()
  const content = place.bundle.content

  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if (Array.isArray(value)) {
      value.forEach(visit)
      return
    }
    for (const [name, child] of Object.entries(value)) {
      if (name === 'x-errata' && Array.isArray(child)) child.forEach((number) => errata.add(Number(number)))
      else if (name === 'x-source' && Array.isArray(child)) child.forEach((url) => sources.add(String(url)))
      else if (name === '$ref' && typeof child === 'string') visit(targetOf(content, child))
      else visit(child)
    }
  }

  visit(place.value)
  return { errata: [...errata].sort((a, b) => a - b), sources: [...sources] }
}

function targetOf(content: unknown, reference: string): unknown {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), content)
}
