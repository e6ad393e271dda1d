// An emulator in a process of its own, in which one call in twenty goes wrong. Prints its URL.
import { createEmulator, type Fault } from '../../src/testing/index.js'
import { seededRandom } from '../support/random.js'

const FAULTS: readonly Fault[] = [
  { kind: 'error', code: 'VOD.10051', status: 500, executes: true },
  { kind: 'throttle', retryAfter: '0' },
  { kind: 'reset' },
  { kind: 'reset', executes: true },
  { kind: 'reset-inside' },
  { kind: 'silence' },
  { kind: 'slow', delayMs: 20 },
  { kind: 'truncated' },
  { kind: 'html' },
]
const random = seededRandom(20_260_101)
const emulator = createEmulator({
  onRequest: ({ operation }) => {
    if (operation === undefined || random() >= 0.05) return
    const fault = FAULTS[Math.floor(random() * FAULTS.length)]
    if (fault !== undefined) emulator.fail({ operation, with: fault })
  },
})
const { url } = await emulator.listen()
console.log(url)
