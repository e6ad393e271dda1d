const WIDTH = 110

/** A doc comment: wrapped prose, and tags that stay on a line of their own. */
export function docComment(text: string, ...tags: readonly string[]): string {
  const safe = text.trim().replaceAll('*/', '*\\/')
  const lines = [safe, ...(tags.length > 0 ? [''] : []), ...tags].flatMap((part) => part.split('\n').flatMap(wrap))
  const [only = ''] = lines
  if (lines.length === 1) return `/** ${only} */\n`
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`
}

/** The further lines of a list item are indented. */
function wrap(line: string): string[] {
  const lines: string[] = []
  const indent = line.startsWith('- ') ? '  ' : ''
  let current = ''
  for (const word of line.trim().split(/\s+/)) {
    if (current !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current)
      current = `${indent}${word}`
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current]
}
