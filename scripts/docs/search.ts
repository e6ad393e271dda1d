import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'
import { DocumentReflection, IndexEvent, type Renderer } from 'typedoc'
import { isRecord } from '../generate/document-place.js'
import { summaryOf } from './finish.js'
import { textOf } from './pages/markup.js'
import type { Page } from './pages/page.js'

/** Lets the search find pages by their text. The result is to be called once the site is written. */
export function improveSearch(renderer: Renderer, pages: readonly Page[]): (out: string) => Promise<void> {
  const known = new Map(pages.map((page) => [page.path, page]))
  const additions: Addition[] = []
  renderer.on(IndexEvent.PREPARE_INDEX, (event: IndexEvent) => {
    for (let index = event.searchResults.length - 1; index >= 0; index--) {
      const result = event.searchResults[index]
      // Every error class repeats the inherited members, and a reference leads to what is listed anyway.
      if (result?.flags.isInherited === true || result?.isReference() === true) event.removeResult(index)
    }
    for (const [index, reflection] of event.searchResults.entries()) {
      const page =
        reflection instanceof DocumentReflection ? known.get(String(reflection.frontmatter['path'])) : undefined
      additions.push({ excerpt: page?.summary ?? summaryOf(reflection), ids: page && idsOf(page) })
      if (page === undefined) continue
      const fields = (event.searchFields[index] ??= {})
      fields['document'] = `${page.summary}\n${page.search ?? textOf(page.markdown)}`
    }
  })
  return async (out) => {
    await addToRows(path.join(out, 'assets/search.js'), additions)
    await replaceInScript(path.join(out, 'assets/main.js'))
  }
}

/** What a row of the index has beside what TypeDoc gives it. */
interface Addition {
  readonly excerpt: string | undefined
  /** The IDs of what the page lists, such as fields. */
  readonly ids: readonly string[] | undefined
}

function idsOf({ markdown }: Page): string[] {
  return [...markdown.matchAll(/<div id="([^"]+)"/g)].map(([, id = '']) => id)
}

/** The script shows what is in the rows of the index, and TypeDoc has no event in which to add to them. */
async function addToRows(file: string, additions: readonly Addition[]): Promise<void> {
  const [, packed = ''] = /^window\.searchData = "(.*)";$/.exec(await readFile(file, 'utf8')) ?? []
  const data: unknown = JSON.parse(String(await promisify(inflate)(Buffer.from(packed, 'base64'))))
  const rows = isRecord(data) ? data['rows'] : undefined
  if (!Array.isArray(rows) || rows.length !== additions.length) throw new Error(`${file}: the rows are not as expected`)
  for (const [index, row] of rows.entries()) {
    if (isRecord(row)) Object.assign(row, additions[index])
  }
  const repacked = (await promisify(deflate)(JSON.stringify(data))).toString('base64')
  await writeFile(file, `window.searchData = "${repacked}";`)
}

const REPLACEMENTS: readonly { from: string; to: string }[] = [
  // The search of TypeDoc combines words by "or", and fails at characters that its query language knows, such as the
  // colons of a permission. This one requires every word, and prefers the whole word.
  {
    from: 'let a=i.split(" ").map(c=>c.length?`*${c}*`:"").join(" ");s=r.index.search(a)',
    to: `s=r.index.query(a=>{for(let c of i.toLowerCase().split(/[\\s-]+/).map(c=>c.replace(/^\\W+|\\W+$|\\*/g,"")).filter(Boolean)){a.term("*"+c+"*",{presence:2,usePipeline:false});a.term(c,{boost:10,usePipeline:false})}})`,
  },
  // A hit is its name, its section, and its summary.
  {
    from: 'c.parent&&(f=`<span class="parent">\n                ${Ce(c.parent,i)}.</span>${f}`)',
    to: 'f=`<span class="hit">${f}</span>`;if(c.parent)f+=`<span class="parent">${te(c.parent)}</span>`;if(c.excerpt)f+=`<span class="excerpt">${te(c.excerpt)}</span>`',
  },
  // A page that lists what is searched for, such as a field, comes earlier, and the hit leads to it there.
  {
    from: 'c.score*=d',
    to: 'l.id=l.ids?.find(e=>`.${e}`.toLowerCase().endsWith(`.${i.trim().toLowerCase()}`));if(l.id)d*=5;c.score*=d',
  },
  { from: 'v.href=r.base+c.url', to: 'v.href=r.base+c.url+(c.id?`#${c.id}`:"")' },
]

async function replaceInScript(file: string): Promise<void> {
  let script = await readFile(file, 'utf8')
  for (const { from, to } of REPLACEMENTS) {
    if (script.split(from).length !== 2) throw new Error(`${file} does not have this exactly once: ${from}`)
    script = script.replace(from, () => to)
  }
  await writeFile(file, script)
}
