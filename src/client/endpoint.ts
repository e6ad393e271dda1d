import { ConfigurationError } from '../errors/errors.js'

/** Where a client sends its requests: a URL, or the values for the spec's server template. */
export interface EndpointOptions {
  /** Full base URL, which may have a path. Overrides the provider's own host. */
  readonly endpoint?: string
  /** Allows an `endpoint` with plain http to another machine. Default false: only loopback. */
  readonly allowInsecure?: boolean
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

/**
 * The base URL of a client, without a trailing slash.
 *
 * @throws ConfigurationError if the endpoint is no usable URL or a value of the template is no host label
 */
export function resolveEndpoint(
  options: EndpointOptions,
  serverUrl: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  if (options.endpoint !== undefined) return checkEndpoint(options.endpoint, options.allowInsecure === true)
  return serverUrl.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new ConfigurationError(name, `is missing: give ${name}, or endpoint`)
    checkHostLabel(name, value)
    return value
  })
}

/** @throws ConfigurationError if the value of an option cannot become part of a host */
export function checkHostLabel(option: string, value: string): void {
  if (typeof value !== 'string' || !HOST_LABEL.test(value)) {
    throw new ConfigurationError(
      option,
      'must be lower-case letters, digits and hyphens, as it becomes part of the host',
    )
  }
}

function checkEndpoint(endpoint: string, allowInsecure: boolean): string {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      'endpoint',
      'must be a URL that begins with https:// or http://, such as http://127.0.0.1:4010',
    )
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError('endpoint', 'must have no user, password, query or fragment')
  }
  if (url.protocol === 'http:' && !allowInsecure && !LOOPBACK.test(url.hostname)) {
    throw new ConfigurationError('endpoint', 'must be https, or allowInsecure must be true: http is for loopback only')
  }
  return url.href.replace(/\/+$/, '')
}
