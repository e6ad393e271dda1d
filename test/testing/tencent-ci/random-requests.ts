import { signTencentRequest } from '../../../src/tencent-ci/sign.js'
import { authenticateTencent } from '../../../src/testing/tencent-ci/authentication.js'
import { emulatorSettings } from '../../../src/testing/options.js'
import { edited, lowerCased, picked, without, withoutNames, withOne } from '../../support/changed-requests.js'
import { headersOf, percentEncode, type GeneratedRequest } from '../../vectors/signing-requests.js'
import { arrivedFrom, type Pieces, type RandomRequests } from '../authentication-contract.js'

const KEY = { secretId: 'TESTID', secretKey: 'TESTKEY' }

interface ListedPieces extends Pieces {
  readonly signedParameters: ReadonlySet<string>
}

export const tencentRandomRequests: RandomRequests<ListedPieces> = {
  sign: async (request, body, choices) => {
    const { method, host, segments, query, token } = request
    const given = lowerCased(headersOf(request))
    const names = Object.keys({ ...given, host, ...(token && { 'x-ci-security-token': token }) })
    const signedHeaders = names.filter((_name, index) => choices[index] === true)
    // A list of nothing and a list of one empty name are the same text.
    const parameters = query.map(([name]) => listedName(name))
    const signedParameters = new Set(parameters.filter((name, index) => name === '' || choices[7 + index] === true))
    const pieces = {
      ...{ method: method.toUpperCase(), host, segments, query, body, signedHeaders, signedParameters },
      headers: given,
    }
    const listed = query.filter(([name]) => signedParameters.has(listedName(name)))
    const { url } = arrivedFrom({ ...pieces, query: listed })
    const credentials = credentialsOf(request)
    const { headers } = await signTencentRequest({ ...request, url, headers: given, credentials, signedHeaders })
    return { ...pieces, headers: { ...given, ...headers } }
  },
  authenticate: (original, arrived) => {
    const { date } = original
    const settings = emulatorSettings({ now: () => date.getTime(), tencent: { credentials: credentialsOf(original) } })
    return authenticateTencent(arrived, settings)
  },
  refusal: 'InvalidAuthorization',
  withOtherUnsigned: withOtherUnlisted,
  changes: {
    'the value of a listed parameter': (pieces, { pick, edit }) =>
      withListed(pieces, pick, ([name, value]) => [[name, edited(value, edit)]]),
    'a listed parameter left out': (pieces, { pick }) => withListed(pieces, pick, () => []),
    'one more value of a listed parameter': (pieces, { pick, edit }) =>
      withListed(pieces, pick, ([name, value]) => [
        [name, value],
        [name, edit(value)],
      ]),
    'a listed header': (pieces, { pick, edit }) => {
      // Another token is refused for itself.
      const name = picked(withoutNames(pieces.signedHeaders, 'x-ci-security-token'), pick)
      if (name === undefined) return undefined
      const value = name === 'host' ? pieces.host : (pieces.headers[name] ?? '')
      return { ...pieces, headers: { ...pieces.headers, [name]: edited(value, edit) } }
    },
    'a listed header left out': (pieces, { pick }) => {
      const name = picked(withoutNames(pieces.signedHeaders, 'x-ci-security-token', 'host'), pick)
      return name === undefined ? undefined : { ...pieces, headers: without(pieces.headers, name) }
    },
  },
}

function credentialsOf({ token }: GeneratedRequest): typeof KEY & { readonly sessionToken?: string } {
  return token === undefined ? KEY : { ...KEY, sessionToken: token }
}

/** The name as the list of the signature has it. */
function listedName(name: string): string {
  return percentEncode(name).toLowerCase()
}

function withOtherUnlisted(pieces: ListedPieces): ListedPieces {
  const kept = ['authorization', 'x-ci-security-token', ...pieces.signedHeaders]
  const headers = Object.entries(pieces.headers).map(
    ([name, value]) => [name, kept.includes(name) ? value : `${value}x`] as const,
  )
  const query = pieces.query.map(
    ([name, value]) => [name, pieces.signedParameters.has(listedName(name)) ? value : `${value}x`] as const,
  )
  return {
    ...pieces,
    // The signature does not cover the body.
    body: Uint8Array.of(...pieces.body, 0),
    headers: { ...Object.fromEntries(headers), 'x-added-header': '1' },
    query: [...query, ['added-parameter', '1']],
  }
}

/** The request with something done to one of the parameters that are listed. */
function withListed(
  pieces: ListedPieces,
  pick: number,
  change: (pair: ListedPieces['query'][number]) => ListedPieces['query'],
): ListedPieces | undefined {
  const listed = pieces.query.filter(([name]) => pieces.signedParameters.has(listedName(name)))
  const chosen = picked(listed, pick)
  return chosen && { ...pieces, query: withOne(pieces.query, pieces.query.indexOf(chosen), change) }
}
