import { inspect, types } from 'node:util'
import { vi } from 'vitest'
import { SECRETS, type CellRun } from '../sending/fault-matrix.js'
import type { SeenRequest } from '../support/fault-servers.js'

/** Shorter pieces of a secret occur by chance. */
export const PIECE_LENGTH = 8

/** What these runs show of a secret or a signature, in their errors, events, and clients. */
export function leaksOfRuns(runs: readonly CellRun[]): string[] {
  const signatures = runs.flatMap(({ requests }) => requests.flatMap(signaturesIn))
  const shown = runs.flatMap(({ error, events, client }) => [error, events, client])
  return leaksIn(shown, [...Object.values(SECRETS), ...signatures])
}

/** The signature of a request, and what it stands in. */
export function signaturesIn({ headers: { authorization = '' } }: Pick<SeenRequest, 'headers'>): string[] {
  return [...authorization.matchAll(/signature=([0-9a-f]+)/gi)].map(([, signature = '']) => signature)
}

/** Everything of these secrets that can be seen in these values, in whatever way one looks at them. */
export function leaksIn(values: readonly unknown[], secrets: readonly string[]): string[] {
  const pieces = new Map<number, Set<string>>()
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      // Eight digits of a signature, in any form: fewer are in some random ID of a response.
      const length = /^[0-9a-f]+$/.test(secret) ? Math.ceil((PIECE_LENGTH * form.length) / secret.length) : PIECE_LENGTH
      const known = pieces.get(length) ?? new Set()
      pieces.set(length, known)
      for (const piece of piecesOf(form, length)) known.add(piece)
    }
  }
  const texts = new Set(values.flatMap((value) => [...textsOf(value)]))
  return [...texts].flatMap((text) =>
    [...pieces].flatMap(([length, known]) => {
      const leak = piecesOf(text, length).find((piece) => known.has(piece))
      return leak === undefined ? [] : [`${leak} in ${text.slice(0, 200)}`]
    }),
  )
}

/** By other means than those of the library. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const percent = encodeURIComponent(secret)
  const hex = bytes.toString('hex')
  return [
    ...[secret, bytes.toString('base64'), bytes.toString('base64url')],
    // In a Basic header after an ID, which shifts it.
    ...[Buffer.from(`:${secret}`).toString('base64'), Buffer.from(`::${secret}`).toString('base64')],
    ...[percent, percent.replace(/%../g, (escape) => escape.toLowerCase()), percent.toLowerCase()],
    ...[hex, hex.toUpperCase()],
    ...[secret.toLowerCase(), secret.toUpperCase()],
    Array.from(secret, (character) => `&#${String(character.codePointAt(0))};`).join(''),
    Array.from(secret, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ]
}

function piecesOf(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, start) => text.slice(start, start + length))
}

function textsOf(value: unknown): Set<string> {
  const texts = new Set<string>()
  const views: (() => string | undefined)[] = [
    () => shown(value),
    () => JSON.stringify(value),
    () => shown(structuredClone(value)),
    () => String(value),
  ]
  for (const view of views) {
    try {
      texts.add(view() ?? '')
    } catch {
      // Not every value can be seen in every way.
    }
  }
  walk(value, texts, new Set())
  return texts
}

function shown(value: unknown): string {
  return inspect(value, {
    showHidden: true,
    depth: null,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
  })
}

/** Every text that hangs on a value, also by what neither inspect nor JSON shows. */
function walk(value: unknown, texts: Set<string>, visited: Set<unknown>): void {
  if (typeof value === 'string') texts.add(value)
  if (typeof value === 'symbol') texts.add(String(value.description))
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || visited.has(value)) return
  visited.add(value)
  if (types.isUint8Array(value)) {
    texts.add(Buffer.from(value).toString('latin1'))
    return
  }
  if (value instanceof Map || value instanceof Set || value instanceof Headers) {
    for (const member of value) walk(member, texts, visited)
  }
  for (const key of Reflect.ownKeys(value)) {
    walk(key, texts, visited)
    try {
      walk(Reflect.get(value, key), texts, visited)
    } catch {
      // A getter may refuse.
    }
  }
}

/** Keeps all that is written to the console or the output, until the mocks are restored. */
export function recordOutput(): readonly string[] {
  const written: string[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      written.push(shown(parts))
    })
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk))
      return true
    })
  }
  return written
}
