import { signHuaweiRequest } from '../../../src/huawei-vod/sign.js'
import { createHuaweiAuthentication } from '../../../src/testing/huawei-vod/authentication.js'
import { emulatorSettings } from '../../../src/testing/options.js'
import { edited, lowerCased, picked, without, withoutNames, withOne } from '../../support/changed-requests.js'
import { headersOf, type GeneratedRequest } from '../../vectors/signing-requests.js'
import type { Pieces, RandomRequests } from '../authentication-contract.js'

const KEY = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' }

export const huaweiRandomRequests: RandomRequests<Pieces> = {
  sign: async (request, body, choices) => {
    const { method, host, segments, query, token } = request
    const given = lowerCased(headersOf(request))
    const names = Object.keys({ ...given, host, ...(token && { 'x-security-token': token }) })
    const signedHeaders = names.filter((name, index) => !name.includes('_') && choices[index] === true)
    signedHeaders.push('x-sdk-date')
    const credentials = credentialsOf(request)
    const { headers } = await signHuaweiRequest({ ...request, headers: given, body, credentials, signedHeaders })
    return {
      ...{ method: method.toUpperCase(), host, segments, query, body, signedHeaders },
      headers: { ...given, ...headers },
    }
  },
  authenticate: (original, arrived) => {
    const { date } = original
    const settings = emulatorSettings({ now: () => date.getTime(), huawei: { credentials: credentialsOf(original) } })
    // A new one for each request, as a few wrong signatures lock the key.
    return createHuaweiAuthentication(settings)(arrived)
  },
  refusal: 'verify aksk signature fail',
  withOtherUnsigned,
  changes: {
    'a value in the query': (pieces, { pick, edit }) =>
      withPair(pieces, pick, ([name, value]) => [[name, edited(value, edit)]]),
    'a name in the query': (pieces, { pick, edit }) =>
      withPair(pieces, pick, ([name, value]) => [[edited(name, edit), value]]),
    'one pair less in the query': (pieces, { pick }) => withPair(pieces, pick, () => []),
    'one more pair in the query': (pieces, { pick, edit }) => {
      const name = edited(picked(pieces.query, pick)?.[0] ?? '', edit)
      return { ...pieces, query: [...pieces.query, [name, edit(name)]] }
    },
    'a signed header': (pieces, { pick, edit }) => {
      // Another token is refused for itself.
      const name = picked(withoutNames(pieces.signedHeaders, 'x-security-token'), pick) ?? 'x-sdk-date'
      const value = name === 'host' ? pieces.host : (pieces.headers[name] ?? '')
      const other = name === 'x-sdk-date' ? otherSecond(value) : edited(value, edit)
      return { ...pieces, headers: { ...pieces.headers, [name]: other } }
    },
    'a signed header left out': (pieces, { pick }) => {
      const names = withoutNames(pieces.signedHeaders, 'x-security-token', 'x-sdk-date', 'host')
      const name = picked(names, pick)
      return name === undefined ? undefined : { ...pieces, headers: without(pieces.headers, name) }
    },
    body: (pieces, { pick }) => ({ ...pieces, body: otherBytes(pieces.body, pick) }),
  },
}

function credentialsOf({ token }: GeneratedRequest): typeof KEY & { readonly securityToken?: string } {
  return token === undefined ? KEY : { ...KEY, securityToken: token }
}

function withOtherUnsigned(pieces: Pieces): Pieces {
  const kept = ['authorization', 'x-security-token', ...pieces.signedHeaders]
  const headers = Object.entries(pieces.headers).map(
    ([name, value]) => [name, kept.includes(name) ? value : `${value}x`] as const,
  )
  return { ...pieces, headers: { ...Object.fromEntries(headers), 'x-added-header': '1' } }
}

function withPair(
  pieces: Pieces,
  pick: number,
  change: (pair: Pieces['query'][number]) => Pieces['query'],
): Pieces | undefined {
  return pieces.query.length === 0 ? undefined : { ...pieces, query: withOne(pieces.query, pick, change) }
}

function otherBytes(bytes: Uint8Array, pick: number): Uint8Array {
  if (bytes.length === 0 || pick % 3 === 0) return Uint8Array.of(...bytes, pick % 256)
  if (pick % 3 === 1) return bytes.slice(0, -1)
  return bytes.map((byte, index) => (index === pick % bytes.length ? byte ^ 1 : byte))
}

/** The date one second away, within its minute. */
function otherSecond(date: string): string {
  return date.replace(
    /\d\dZ$/,
    (end) => `${end === '00Z' ? '01' : String(Number(end.slice(0, 2)) - 1).padStart(2, '0')}Z`,
  )
}
