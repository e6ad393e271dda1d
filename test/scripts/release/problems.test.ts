import { expect, it } from 'vitest'
import { problemsOf, type Release } from '../../../scripts/release/problems.js'

const READY: Release = {
  manifest: {
    name: 'cloud-media-clients',
    version: '1.2.3',
    exports: {},
    repository: { url: 'git+https://github.com/acme/clients.git' },
  },
  changelog: '# cloud-media-clients\n\n## 1.2.3\n\n- A fix.\n',
  readme: '[License](https://github.com/acme/clients/blob/main/LICENSE)\n',
  changesets: [],
  tag: 'v1.2.3',
  repository: 'acme/clients',
}

it('a release that is ready has no problems, started by a tag or by hand', () => {
  expect(problemsOf(READY)).toEqual([])
  expect(problemsOf({ ...READY, tag: undefined, repository: undefined })).toEqual([])
})

it.each<[string, Partial<Release>, string]>([
  [
    'a placeholder',
    { manifest: { ...READY.manifest, name: '@OWNER/clients' } },
    'package.json: name: has the placeholder OWNER: name the owner of the repository',
  ],
  [
    'a placeholder in the README',
    { readme: '[License](https://github.com/OWNER/clients/blob/main/LICENSE)\n' },
    'README.md: has the placeholder OWNER: name the owner of the repository',
  ],
  [
    'a changeset that is in no version',
    { changesets: ['.changeset/a.md'] },
    '.changeset/a.md: is in no version: run npm run release:version',
  ],
  [
    'a changelog without the version',
    { changelog: '## 1.2.30\n' },
    'CHANGELOG.md: has no "## 1.2.3": run npm run release:version',
  ],
  [
    'the tag of another version',
    { tag: 'v1.2.4' },
    'package.json: version: is 1.2.3, but the tag is v1.2.4: tag the commit with that version',
  ],
  [
    'the URL of another repository',
    { repository: 'acme/fork' },
    'package.json: repository: is git+https://github.com/acme/clients.git, but the release runs in acme/fork: correct the URL',
  ],
])('a release with %s is rejected', (_what, change, problem) => {
  expect(problemsOf({ ...READY, ...change })).toEqual([problem])
})
