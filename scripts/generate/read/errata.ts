/** The errata of ERRATA.md, each as Markdown, by number. */
export function readErrata(markdown: string): Map<number, string> {
  const sections = markdown.split(/^#{2,3} /m)
  return new Map(
    sections.flatMap((section) => {
      const [, number, title = '', text = ''] = /^(\d+)\. (.*)\n([^]*)$/.exec(section) ?? []
      return number === undefined ? [] : [[Number(number), `${title}\n\n${text.trim()}`] as const]
    }),
  )
}
