import path from 'node:path'
import type { Place } from '../document-place.js'
import { readSchema } from './check-schema.js'
import { referredName } from './schema.js'

/** The body of a request or a response. */
export interface Body {
  readonly place: Place
  readonly contentType: 'application/json' | 'application/xml'
  /** The component that describes it. */
  readonly schemaName: string
  /** The path of the XSD of an XML body. */
  readonly xsd?: string
  readonly examples: Readonly<Record<string, unknown>>
}

/** Reads the `content` of a request or a response; undefined if there is none. */
export function readBody(content: Place): Body | undefined {
  const [name, other] = content.names()
  if (other === undefined) return readBodies(content)[0]
  throw content.error(`has the media types ${String(name)} and ${other}`, 'describe one media type')
}

/** Reads a `content` that may have several media types. */
export function readBodies(content: Place): Body[] {
  return content.names().map((name) => bodyOf(content.child(name)))
}

function bodyOf(media: Place): Body {
  const { name } = media
  if (name !== 'application/json' && name !== 'application/xml') {
    throw media.error(`${name} is not supported`, 'use application/json or application/xml')
  }
  media.allow(['schema', 'examples'])
  const schemaName = referredName(readSchema(media.child('schema')))
  if (schemaName === undefined) throw media.child('schema').error('has no name', 'refer to a component with $ref')
  return {
    place: media,
    contentType: name,
    schemaName,
    ...(name === 'application/xml' && { xsd: xsdOf(media) }),
    examples: Object.fromEntries(
      media
        .child('examples')
        .entries()
        .map(([key, example]) => [key, valueOf(example)]),
    ),
  }
}

function xsdOf(media: Place): string {
  const file = path.posix.join(
    path.posix.dirname(media.bundle.root),
    media.child('x-xsd').text('name the XSD of this body'),
  )
  if (!media.bundle.xsds.has(file)) throw media.child('x-xsd').error(`${file} does not exist`, 'correct the path')
  return file
}

function valueOf(example: Place): unknown {
  const value = example.child('value')
  if (!value.exists) throw value.error('is missing', 'give the example a value or an externalValue')
  return value.value
}
