// Lists the files in doubt, or settles one:
// npm run doubts
// npm run doubts -- <file> --id <asset ID>   it ran, and this is its result
// npm run doubts -- <file> --again           it did not run: submit it
import { parseArgs } from 'node:util'
import { keyOf } from './names.js'
import { Records } from './records.js'
import { connect, openQueue } from './redis.js'
import { readSettings } from './settings.js'

const { values, positionals } = parseArgs({
  options: { id: { type: 'string' }, again: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const settings = readSettings()
const redis = connect(settings)
const records = new Records(redis, settings)
const doubts = await records.doubts()
const [file] = positionals
if (file === undefined) {
  for (const { at, file, sender, error } of doubts) console.log([at.toISOString(), file, sender, error].join('  '))
} else {
  if (!doubts.some((doubt) => doubt.file === file)) throw new Error(`${file} is not in doubt`)
  if ((values.id === undefined) !== values.again) throw new Error('give either --id or --again')
  if (values.id === undefined) await records.clear(file)
  else await records.submitted(file, values.id)
  const queue = openQueue(settings, redis)
  await (await queue.getJob(keyOf(file)))?.promote()
  await queue.close()
}
redis.disconnect()
