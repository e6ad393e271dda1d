/** A signed request, to be changed before it arrives. */
export interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Change = (sent: Sent) => Sent

/** What a random change is made with. */
export interface Draw {
  readonly pick: number
  readonly edit: (text: string) => string
}

export function withHeader(name: string, value: string): Change {
  return (sent) => ({ ...sent, headers: { ...sent.headers, [name]: value } })
}

export function withoutHeader(name: string): Change {
  return (sent) => ({ ...sent, headers: without(sent.headers, name) })
}

export function withUrl(change: (url: string) => string): Change {
  return (sent) => ({ ...sent, url: change(sent.url) })
}

export function withBody(body: string): Change {
  return (sent) => ({ ...sent, body })
}

export function withOne<T>(items: readonly T[], pick: number, change: (item: T) => readonly T[]): T[] {
  return items.flatMap((item, index) => (index === pick % items.length ? change(item) : [item]))
}

export function picked<T>(items: readonly T[], pick: number): T | undefined {
  return items[pick % items.length]
}

/** Other text for certain, without regard to white space around it, and no dots that a URL would resolve. */
export function edited(text: string, edit: Draw['edit']): string {
  const other = edit(text)
  return other.trim() === text.trim() || /^\.\.?$/.test(other) ? `${text}x` : other
}

export function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

export function without(headers: Readonly<Record<string, string>>, left: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== left))
}

export function withoutNames(names: readonly string[], ...left: readonly string[]): string[] {
  return names.filter((name) => !left.includes(name))
}
