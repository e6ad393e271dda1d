import { checkNames, checkSignal } from '../client/option-checks.js'
import { ConfigurationError } from '../errors/errors.js'

/** The options of an iteration over all pages of a list. */
export interface EachOptions {
  /** Maximum number of items. Default: all. */
  readonly limit?: number
  /** Aborts the iteration: it rejects with an AbortedError. */
  readonly signal?: AbortSignal
}

/** A list that a provider returns page by page. */
export interface Pages<Item, Cursor> {
  /**
   * Reads one page. Rejects with the errors of a call.
   *
   * @param cursor where the page begins; undefined for the beginning of the list
   * @param size how many items the page should have, the same for all pages
   */
  readonly read: (cursor: Cursor | undefined, size: number, signal?: AbortSignal) => Promise<Page<Item, Cursor>>
  readonly idOf: (item: Item) => string | undefined
}

/** One page of a list. */
export interface Page<Item, Cursor> {
  readonly items: readonly Item[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: Cursor | undefined
}

const EACH_OPTIONS: readonly (keyof EachOptions)[] = ['limit', 'signal']
/** The maximum of both providers. */
const MAX_PAGE_SIZE = 100
/** A server that names a next page for ever would keep the iteration busy. */
const MAX_EMPTY_PAGES = 100

/**
 * Iterates over the items of all pages, and reads a page when its first item is requested. Ends at the limit, after the
 * last page, at a page that repeats a cursor or the page before, and after 100 empty pages in a row.
 *
 * @throws ConfigurationError for an option, and the errors of a call
 */
export async function* eachItem<Item, Cursor extends string | number>(
  pages: Pages<Item, Cursor>,
  options: EachOptions | undefined,
): AsyncGenerator<Item, void, undefined> {
  const { limit, signal } = readEachOptions(options)
  const size = Math.min(limit, MAX_PAGE_SIZE)
  const cursors = new Set<Cursor | undefined>()
  let [left, emptyPages] = [limit, 0]
  let idsBefore: string | undefined
  let cursor: Cursor | undefined
  do {
    cursors.add(cursor)
    const { items, next } = await pages.read(cursor, size, signal)
    const ids = JSON.stringify(items.map(pages.idOf))
    // A server that ignores the cursor sends the same page again.
    if (items.length > 0 && ids === idsBefore) return
    idsBefore = ids
    emptyPages = items.length > 0 ? 0 : emptyPages + 1
    yield* items.slice(0, left)
    left -= items.length
    cursor = next
  } while (left > 0 && cursor !== undefined && !cursors.has(cursor) && emptyPages < MAX_EMPTY_PAGES)
}

/**
 * The options of an iteration, each read once.
 *
 * @throws ConfigurationError
 */
function readEachOptions(options: EachOptions = {}): { limit: number; signal: AbortSignal | undefined } {
  checkNames(options, EACH_OPTIONS)
  const { limit = Infinity, signal } = options
  if (!((Number.isInteger(limit) && limit >= 1) || limit === Infinity)) {
    throw new ConfigurationError('limit', 'must be a whole number from 1')
  }
  checkSignal(signal)
  return { limit, signal }
}
