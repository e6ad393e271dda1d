// Puts the files of a list into the queue: `npm run enqueue -- files.txt`, one file per line. May be repeated.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { SingleBar } from 'cli-progress'
import { keyOf } from './names.js'
import { connect, openQueue, type FileJob } from './redis.js'
import { readSettings } from './settings.js'

const AT_ONCE = 1_000
/** A file is tried until it has ended, or the operator removes it. */
const ALWAYS = { attempts: Number.MAX_SAFE_INTEGER, backoff: { type: 'fixed', delay: 5_000, jitter: 0.5 } }

const [list] = process.argv.slice(2)
if (list === undefined) throw new Error('npm run enqueue -- <list>: name a file with one file of the batch per line')
const settings = readSettings()
const redis = connect(settings)
const queue = openQueue(settings, redis)

const bar = new SingleBar({ format: '{bar} {percentage} % | {files} files | {eta_formatted} left', hideCursor: true })
bar.start((await stat(list)).size, 0, { files: 0 })
const files = new Set<string>()
let total = 0
const flush = async (): Promise<void> => {
  await queue.addBulk(
    [...files].map((file) => ({
      name: settings.operation,
      data: { file } satisfies FileJob,
      opts: { ...ALWAYS, jobId: keyOf(file), removeOnComplete: true },
    })),
  )
  files.clear()
}
for await (const line of createInterface({ input: createReadStream(list), crlfDelay: Infinity })) {
  bar.increment(Buffer.byteLength(line) + 1, { files: total })
  const file = line.trim()
  if (file === '') continue
  total += 1
  files.add(file)
  if (files.size === AT_ONCE) await flush()
}
await flush()
bar.update(bar.getTotal(), { files: total })
bar.stop()
await queue.close()
redis.disconnect()
