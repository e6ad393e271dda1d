// Continues a batch that was paused because the keys were rejected.
import { connect, openQueue } from './redis.js'
import { readSettings } from './settings.js'

const settings = readSettings()
const redis = connect(settings)
const queue = openQueue(settings, redis)
await queue.resume()
await queue.close()
redis.disconnect()
