import type { Body } from '../../generate/read/body.js'
import { isRecord } from '../../generate/document-place.js'
import { blocks, fence, inline, type Names } from './markup.js'

/** A documented body. */
export interface Example {
  readonly summary: string
  readonly description: string
  readonly language: 'json' | 'xml'
  readonly text: string
  readonly value: unknown
}

export function examplesOf({ place, contentType, examples }: Body): Example[] {
  return Object.entries(examples).map(([name, value]) => {
    const example = place.child('examples').at(name)
    return {
      summary: example.child('summary').optionalText() ?? name,
      description: example.child('description').optionalText() ?? '',
      language: contentType === 'application/xml' ? 'xml' : 'json',
      text: bodyText(value),
      value,
    }
  })
}

/** A body as people read it: JSON on several lines. */
export function bodyText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : JSON.stringify(value, null, 2)
}

/** An example under its summary. */
export function exampleBlock({ summary, description, language, text }: Example, names: Names): string {
  return blocks(
    `<p><strong>${inline(summary, names)}</strong> ${inline(description, names)}</p>`,
    fence(language, text),
  )
}

/** The error code in a body. */
export function codeIn(value: unknown): string | undefined {
  if (typeof value === 'string') return /<Code>([^<]+)<\/Code>/.exec(value)?.[1]
  return isRecord(value) && typeof value['error_code'] === 'string' ? value['error_code'] : undefined
}
