import { CONTROL_PREFIX } from './exchange.js'

/** The addresses of this machine, as the URL class writes them. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The origin of an http or https URL; undefined for any other text. */
export function httpOriginOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin, username, password } = new URL(url)
  const hasCredentials = username !== '' || password !== ''
  return (protocol === 'http:' || protocol === 'https:') && !hasCredentials ? origin : undefined
}

/** Whether a text is the URL of an origin, and nothing more. */
export function isOrigin(text: string): boolean {
  const origin = httpOriginOf(text)
  return origin !== undefined && new URL(text).href === `${origin}/`
}

/**
 * Why the emulator does not call a URL that a job names; undefined if it may: whoever can submit a job must not reach
 * more through the emulator than its user allows.
 */
export function reasonNotToCall(url: string, allowed: ReadonlySet<string>, isFromPage: boolean): string | undefined {
  const origin = httpOriginOf(url)
  if (origin === undefined) return 'not an http or https URL without credentials'
  // Whoever can submit a job could otherwise reset the emulator.
  if (new URL(url).pathname.startsWith(CONTROL_PREFIX)) return 'the control of an emulator'
  if (allowed.has(origin)) return undefined
  // A page could otherwise send to any server of this machine what a browser would not let it send.
  if (isFromPage) return `${origin} is not in callbacks.allow, and a web page submitted the job`
  return LOOPBACK.test(new URL(url).hostname) ? undefined : `${origin} is not a loopback address or in callbacks.allow`
}
