// Appends the results to a file of JSON lines: `npm run results -- results.jsonl`. After a kill it continues where the
// file ends. `--once` ends it as soon as there are no more.
import { open, readFile, truncate } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Records } from './records.js'
import { connect } from './redis.js'
import { readSettings } from './settings.js'

const AT_ONCE = '1000'
const WAIT_MS = '5000'

const { values, positionals } = parseArgs({
  options: { once: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [target] = positionals
if (target === undefined) throw new Error('npm run results -- <file>: name the file that the results go to')
const settings = readSettings()
const redis = connect(settings)
const { resultsKey } = new Records(redis, settings)

let last = await lastNumber(target)
const file = await open(target, 'a')
for (;;) {
  const entries = (await read())?.[0]?.[1] ?? []
  if (entries.length === 0 && values.once) break
  if (entries.length === 0) continue
  const lines = entries.map(([number, [, line = '{}']]) => {
    last = number
    return `${JSON.stringify({ number, ...(JSON.parse(line) as object) })}\n`
  })
  await file.appendFile(lines.join(''))
  // Only what is safe in the file leaves Redis.
  await file.sync()
  await redis.xtrim(resultsKey, 'MINID', last)
}
await file.close()
redis.disconnect()

function read(): Promise<[string, [string, string[]][]][] | null> {
  return values.once
    ? redis.xread('COUNT', AT_ONCE, 'STREAMS', resultsKey, last)
    : redis.xread('COUNT', AT_ONCE, 'BLOCK', WAIT_MS, 'STREAMS', resultsKey, last)
}

/** The number of the last complete line; a line that a kill cut off is removed. */
async function lastNumber(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  const complete = text.slice(0, text.lastIndexOf('\n') + 1)
  if (complete.length < text.length) await truncate(path, Buffer.byteLength(complete))
  const line = complete.trimEnd().split('\n').at(-1) ?? ''
  return line === '' ? '0' : (JSON.parse(line) as { number: string }).number
}
