import { ConfigurationError } from '../errors/errors.js'

/** The options that decide where a client sends its requests. */
export interface EndpointOptions {
  /** Base URL, which may have a path. Default: the provider's host. */
  readonly endpoint?: string
  /** Allows plain http to another machine. Default: false, http to loopback only. */
  readonly allowInsecure?: boolean
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * The base URL of a client, without a trailing slash.
 *
 * @throws ConfigurationError if the endpoint is not a usable URL, or a value of the template is missing or not a host label
 */
export function resolveEndpoint(
  options: EndpointOptions,
  serverUrl: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  if (options.endpoint !== undefined) return checkEndpoint(options.endpoint, options.allowInsecure === true)
  return serverUrl.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new ConfigurationError(name, 'is required unless endpoint is set')
    checkHostLabel(name, value)
    return value
  })
}

/** @throws ConfigurationError if the value of an option cannot be part of a host name */
export function checkHostLabel(option: string, value: string): void {
  // A label that starts with xn-- stands for other letters, and may be no host name.
  if (typeof value !== 'string' || !HOST_LABEL.test(value) || !URL.canParse(`https://${value}.example`)) {
    throw new ConfigurationError(
      option,
      'must be up to 63 lowercase letters, digits, and hyphens, as it is part of the host name',
    )
  }
}

function checkEndpoint(endpoint: string, allowInsecure: boolean): string {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      'endpoint',
      'must be a URL that starts with https:// or http://, such as http://127.0.0.1:4010',
    )
  }
  // A URL drops an empty query or fragment.
  if (url.username !== '' || url.password !== '' || /[?#]/.test(endpoint)) {
    throw new ConfigurationError('endpoint', 'must not have a user, password, query, or fragment')
  }
  if (url.protocol === 'http:' && !allowInsecure && !LOOPBACK.test(url.hostname)) {
    throw new ConfigurationError('endpoint', 'must use https unless allowInsecure is true: http is for loopback only')
  }
  return url.href.replace(/\/+$/, '')
}
