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
 * Returns why the emulator must not send a callback to a URL; undefined if it may. Through `CallBack`, anyone who can submit
 * a job chooses the URL.
 */
export function reasonNotToCall(url: string, allowed: ReadonlySet<string>, isFromPage: boolean): string | undefined {
  const origin = httpOriginOf(url)
  if (origin === undefined) return 'not an http or https URL without credentials'
  // Otherwise, anyone who can submit a job could reset the emulator.
  if (new URL(url).pathname.startsWith(CONTROL_PREFIX)) return 'the control of an emulator'
  if (allowed.has(origin)) return undefined
  // Otherwise, a page could reach every server on this machine, which a browser does not allow.
  if (isFromPage) return `${origin} is not in callbacks.allow, and a web page submitted the job`
  return LOOPBACK.test(new URL(url).hostname) ? undefined : `${origin} is not a loopback address or in callbacks.allow`
}
