import { decode, encode, type SourceMapMappings, type SourceMapSegment } from '@jridgewell/sourcemap-codec'
import type { Rolldown } from 'tsdown'

/** The map of a file that the bundler is about to write. */
export class FileMap {
  readonly lines: SourceMapMappings
  readonly #asset: Rolldown.OutputAsset
  readonly #sources: readonly string[]
  readonly #file: string

  constructor(asset: Rolldown.OutputAsset) {
    // The bundler wrote it: the boundary to JSON.
    const { file, sources, mappings } = JSON.parse(String(asset.source)) as {
      file: string
      sources: string[]
      mappings: string
    }
    this.lines = decode(mappings)
    this.#asset = asset
    this.#file = file
    this.#sources = sources
  }

  /**
   * Whether the source of a segment is in the package. What is generated is not, as its declarations are the same text;
   * nor is the emulator, whose code is as readable as its sources.
   */
  isPacked([, source]: SourceMapSegment): boolean {
    return source !== undefined && /^[./]*src\/(?!testing\/)/.test(this.#sources[source] ?? '')
  }

  write(lines: SourceMapMappings): void {
    const used = [...new Set(lines.flat().flatMap(([, source]) => source ?? []))]
    const mappings = (used.length === 0 ? [] : lines).map((segments) =>
      segments.map((segment): SourceMapSegment =>
        segment.length === 1 ? segment : [segment[0], used.indexOf(segment[1]), segment[2], segment[3]],
      ),
    )
    const sources = used.map((source) => this.#sources[source])
    this.#asset.source = JSON.stringify({
      version: 3,
      file: this.#file,
      sources,
      names: [],
      mappings: encode(mappings),
    })
  }
}

/** By the name of the file that they belong to. */
export function mapsIn(bundle: Rolldown.OutputBundle): Map<string, FileMap> {
  const maps = new Map<string, FileMap>()
  for (const asset of Object.values(bundle)) {
    if (asset.type === 'asset' && asset.fileName.endsWith('.map')) {
      maps.set(asset.fileName.replace(/\.map$/, ''), new FileMap(asset))
    }
  }
  return maps
}

/** Maps that lead from a line to a line: a tenth of the size, and as good for stack traces. */
export const mapsOfLines: Rolldown.Plugin = {
  name: 'maps-of-lines',
  generateBundle(_, bundle) {
    for (const map of mapsIn(bundle).values()) {
      map.write(map.lines.map((segments) => segments.filter((segment) => map.isPacked(segment)).slice(0, 1)))
    }
  },
}
