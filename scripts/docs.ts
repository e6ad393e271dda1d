// Builds docs-site/, or the folder at --out: pages that open from disk and from any address, and request no other host.
import { parseArgs } from 'node:util'
import { buildContract } from './docs/contract.js'
import { readGuides } from './docs/guides.js'
import { landingPage } from './docs/pages/landing.js'
import { specSections } from './docs/pages/sections.js'
import { buildSite } from './docs/site.js'
import { bundleDocuments } from './generate/bundle.js'
import { readProviders } from './generate/read/provider.js'

const { out } = parseArgs({ options: { out: { type: 'string', default: 'docs-site' } } }).values
const providers = readProviders(await bundleDocuments())
const sections = [await readGuides(), ...specSections(providers)]
const pages = sections.flatMap((section) => [section.index, ...section.pages])
await buildSite({
  out,
  landing: await landingPage(pages),
  sections,
  pages,
  contract: providers
    .flatMap((provider) => provider.documents)
    .map(({ place }) => ({
      title: place.child('info').child('title').text(),
      url: `contract/${place.bundle.name}.html`,
    })),
})
await buildContract(out, providers)
console.log(`${out}/index.html`)
