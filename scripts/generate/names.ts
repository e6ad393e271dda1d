import path from 'node:path'

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

export function camelCase(kebab: string): string {
  return kebab.replaceAll(/-+(\w?)/g, (_, letter: string) => letter.toUpperCase())
}

/** The name of a document's file, without its ending. */
export function fileName(root: string): string {
  return path.posix.basename(root, path.posix.extname(root))
}
