/** The part of markdown-it that this uses; TypeDoc brings no types of it. */
interface MarkdownIt {
  readonly core: { readonly ruler: { push(name: string, rule: (state: { tokens: Token[] }) => void): void } }
}
interface Token {
  readonly type: string
  readonly content: string
  attrSet(name: string, value: string): void
}

/** Gives every cell the heading of its column, which a narrow window shows beside it. */
export function labelCells({ core }: MarkdownIt): void {
  core.ruler.push('label-cells', ({ tokens }) => {
    let headings: string[] = []
    let column = 0
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'thead_open') headings = []
      if (token.type === 'th_open') headings.push((tokens[index + 1]?.content ?? '').replaceAll('`', ''))
      if (token.type === 'tr_open') column = 0
      if (token.type === 'td_open') token.attrSet('data-label', headings[column++] ?? '')
    }
  })
}
