import { readFileSync } from 'node:fs'

/** The fields of package.json that a release reads. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly repository: { readonly url: string }
}

export function readManifest(): Manifest {
  // npm rejects a package.json without these.
  return JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
}
