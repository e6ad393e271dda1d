import { describe, expect, it } from 'vitest'
import { escape, firstSentence, inline, tabs } from '../../../../scripts/docs/pages/markup.js'
import { redoclyDocuments } from '../../../specs/operations.js'
import { pages, sections } from './spec-pages.js'

const contracts = redoclyDocuments().map(({ name }) => `contract/${name}.html`)

describe('the pages from the specs', () => {
  it('are five sections, of which only the error codes are hidden', () => {
    expect(sections.map(({ index, hidden = false }) => [index.path, hidden])).toEqual([
      ['operations/index', false],
      ['errors/index', true],
      ['states/index', false],
      ['workflows/index', false],
      ['errata/index', false],
    ])
  })

  it('have a card on the index page each, but for the codes, which have two lists', () => {
    for (const { index, pages: own, hidden = false } of sections) {
      const linked = [...index.markdown.matchAll(/<a class="card" href="site:([^"]+)\.html"/g)].map(([, path]) => path)
      expect(linked).toEqual(hidden ? ['errors/huawei-vod', 'errors/tencent-ci'] : own.map(({ path }) => path))
    }
  })

  it('have addresses and titles of their own, and a plain summary', () => {
    expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length)
    expect(new Set(pages.map(({ title }) => title)).size).toBe(pages.length)
    for (const { path, summary } of pages)
      expect({ path, summary }).toEqual({ path, summary: expect.stringMatching(/^[A-Z][^`<\n]*[.:]$/) as string })
  })

  it.each(pages)('$path links to pages and IDs that exist', ({ path, markdown }) => {
    for (const [, address = ''] of markdown.matchAll(/site:([^")\s]+)/g)) {
      const [target = '', id] = address.split('#')
      if (/^(?:guides|api)\//.test(target)) continue
      if (target.startsWith('contract/')) expect(contracts).toContain(target)
      else {
        const found = pages.find((page) => `${page.path}.html` === target)
        expect({ path, address, isThere: found !== undefined }).toEqual({ path, address, isThere: true })
        if (id !== undefined) expect(found?.markdown).toContain(` id="${id}"`)
      }
    }
    for (const [, address = ''] of markdown.matchAll(/href="([^"]+)"/g))
      expect(address).toMatch(/^(?:site:|https:\/\/)/)
  })

  it.each(pages)('$path has balanced tags, and each ID once', ({ markdown }) => {
    const open: string[] = []
    for (const [, slash, name = ''] of withoutCode(markdown).matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['br', 'input'].includes(name)) continue
      if (slash === '') open.push(name)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
    const ids = [...withoutCode(markdown).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it.each(pages.filter(({ path }) => path !== 'errata/index'))('$path has no unescaped markup', ({ markdown }) => {
    const text = withoutCode(markdown).replaceAll(/\{@link [\w.-]+ \| \w+\}/g, '')
    const withoutTags = text.replaceAll(/<\/?[a-z][a-z0-9]*(?: [a-z]+(?:="[^"<>]*")?)*>/g, '')
    expect(withoutTags).not.toMatch(/[<>{}`@]|&(?!amp;|lt;|gt;|quot;|#\d+;)/)
    // To Markdown, a line that begins with a tag is HTML up to the next empty line.
    const lines = text.split(/\n{2,}/).filter((block) => block.trim() !== '' && !/^\s*<(?:\/|[a-z])/.test(block))
    for (const line of lines) expect(line.trim()).toMatch(/^(?:#{2,3} [A-Z]|TypeScript:|The method throws )[^\n]*$|^$/)
  })

  it.each(pages)('$path has headings with more than code, and snippets of at most 80 columns', ({ markdown }) => {
    for (const [, heading = ''] of withoutCode(markdown).matchAll(/^#{1,6} (.*)$/gm)) {
      expect(heading).not.toMatch(/^`[^`]*`$/)
    }
    for (const [, code = ''] of markdown.matchAll(/^```(?:ts|sh)\n([^]*?)^```$/gm)) {
      expect(code.split('\n').filter((line) => line.length > 80)).toEqual([])
    }
  })
})

describe('markup', () => {
  it('escapes what HTML and TypeDoc take for markup', () => {
    expect(escape('<a href="x">&{@link y}`')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#123;&#64;link y&#125;&#96;')
  })

  it('turns code and links of a description into HTML, and links what has a page', () => {
    const names = new Map([['listAssets', 'operations/listAssets.html']])
    expect(inline('Use `a<b` or [the `x`\npage](https://h.example/a?b&c), or listAssets.', names)).toBe(
      'Use <code>a&lt;b</code> or <a href="https://h.example/a?b&amp;c">the <code>x</code> page</a>, or ' +
        '<a href="site:operations/listAssets.html"><code>listAssets</code></a>.',
    )
  })

  it('ends a sentence at its full stop, not inside a number or a name', () => {
    expect(firstSentence('The code `VOD.10062` at 44.1 kHz. More.')).toBe('The code VOD.10062 at 44.1 kHz.')
  })

  it('checks the first tab, and gives each one an ID', () => {
    const html = tabs(
      [
        { label: 'A', markdown: '```ts\na\n```' },
        { label: 'B', markdown: 'b' },
      ],
      2,
    )
    expect(html.match(/ checked/g)).toHaveLength(1)
    expect(html).toContain('<input type="radio" name="tabs-2" id="tabs-2-2"><label for="tabs-2-2">B</label>')
    expect(html).toContain('<div class="tab">\n\n```ts\na\n```\n\n</div>')
  })
})

/** A page without its fences. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]+`/g, (span) => span.replaceAll(/[<>]/g, ''))
}
