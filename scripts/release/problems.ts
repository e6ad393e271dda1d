import type { Manifest } from './manifest.js'

/** Stands in package.json and the README for the owner of the repository, until there is one. */
const PLACEHOLDER = /\bOWNER\b/

export interface Release {
  readonly manifest: Manifest
  readonly changelog: string
  readonly readme: string
  /** The changesets that are in no version. */
  readonly changesets: readonly string[]
  /** The tag that starts the release, if one does. */
  readonly tag?: string | undefined
  /** Owner and name of the repository that releases, if one does. */
  readonly repository?: string | undefined
}

/** What a release must not have, a line each. */
export function problemsOf({ manifest, changelog, readme, changesets, tag, repository }: Release): string[] {
  const { version } = manifest
  const { url } = manifest.repository
  const heading = `## ${version}`
  const problems = [
    ...Object.entries(manifest)
      .filter(([, value]) => PLACEHOLDER.test(JSON.stringify(value)))
      .map(([field]) => `package.json: ${field}: has the placeholder OWNER: name the owner of the repository`),
    ...changesets.map((file) => `${file}: is in no version: run npm run release:version`),
  ]
  if (PLACEHOLDER.test(readme)) problems.push('README.md: has the placeholder OWNER: name the owner of the repository')
  if (!changelog.split('\n').includes(heading)) {
    problems.push(`CHANGELOG.md: has no "${heading}": run npm run release:version`)
  }
  if (tag !== undefined && tag !== `v${version}`) {
    problems.push(`package.json: version: is ${version}, but the tag is ${tag}: tag the commit with that version`)
  }
  // npm rejects the provenance of another repository, too, but only after the checks.
  if (repository !== undefined && url !== `git+https://github.com/${repository}.git`) {
    problems.push(`package.json: repository: is ${url}, but the release runs in ${repository}: correct the URL`)
  }
  return problems
}
