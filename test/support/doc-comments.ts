import path from 'node:path'
import ts from 'typescript'

/** The exported names, and the fields and methods inside them, for which an editor would show no text. */
export function undocumented(declarations: readonly string[]): { names: number; bare: string[] } {
  const program = ts.createProgram([...declarations], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
  })
  const checker = program.getTypeChecker()
  const folder = path.dirname(declarations[0] ?? '')
  const bare = new Set<string>()
  const seen = new Map<ts.Symbol, string>()

  const visit = (symbol: ts.Symbol, name: string): void => {
    if (seen.has(symbol) || !isOurs(symbol, folder)) return
    seen.set(symbol, name)
    if (symbol.getDocumentationComment(checker).length === 0) bare.add(name)
    for (const type of typesOf(symbol, checker)) {
      for (const member of checker.getPropertiesOfType(type)) visit(member, `${name}.${member.name}`)
    }
  }
  for (const file of declarations) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file) ?? fail(file))
    for (const exported of checker.getExportsOfModule(module ?? fail(file))) {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0
      visit(isAlias ? checker.getAliasedSymbol(exported) : exported, exported.name)
    }
  }
  return { names: seen.size, bare: [...bare] }
}

/** The types whose members belong to a symbol: its own, or that of an object that has no name. */
function typesOf(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Type[] {
  const named = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.TypeAlias
  const isNamed = (symbol.flags & named) !== 0
  const type = isNamed ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol)
  const parts = type.isUnion() ? type.types : [type]
  // Members of a generic type stand in the type that it is made of.
  if (type.aliasTypeArguments !== undefined) return []
  return parts.filter((part) => isNamed || (part.symbol as ts.Symbol | undefined)?.name === '__type')
}

function isOurs({ declarations = [] }: ts.Symbol, folder: string): boolean {
  return declarations.some((declaration) => declaration.getSourceFile().fileName.startsWith(folder))
}

function fail(file: string): never {
  throw new Error(`${file} is not a module`)
}
