// Holds every answer that an emulator gives in any test to the spec.
import { afterAll, afterEach, vi } from 'vitest'
import type { Answer, Service } from '../../src/testing/exchange.js'
import type { GivenAnswer } from './answer-check.js'

const given: GivenAnswer[] = []

vi.mock(import('../../src/testing/huawei-vod/service.js'), async (importOriginal) => {
  const original = await importOriginal()
  return { ...original, emulateHuaweiVod: (...parts) => watched('huawei-vod', original.emulateHuaweiVod(...parts)) }
})
vi.mock(import('../../src/testing/tencent-ci/service.js'), async (importOriginal) => {
  const original = await importOriginal()
  return { ...original, emulateTencentCi: (...parts) => watched('tencent-ci', original.emulateTencentCi(...parts)) }
})

afterEach(checkAnswers)
// An emulator may also be used in a hook, or where a test file begins.
afterAll(checkAnswers)

/** A service that behaves as before, and whose answers are kept, to be checked after the test. */
function watched(provider: GivenAnswer['provider'], service: Service): Service {
  function keep(question: Omit<GivenAnswer, 'provider' | 'answer'>, answer: Answer): Answer {
    given.push({ provider, ...question, answer })
    return answer
  }
  return {
    ...service,
    receive: (request) => {
      const { operation, run } = service.receive(request)
      return { operation, run: async () => keep({ operation }, await run()) }
    },
    refuse: async (refusal) =>
      keep({ operation: undefined, statusIsOrdered: refusal.status !== undefined }, await service.refuse(refusal)),
  }
}

async function checkAnswers(): Promise<void> {
  const answers = given.splice(0)
  if (answers.length === 0) return
  // Only here, as most test files have no emulator and need not wait for the validators.
  const { violationsOf } = await import('./answer-check.js')
  const complaints = answers.flatMap((one) => {
    const violations = violationsOf(one)
    const { status, body } = one.answer
    const about = `${one.provider}, ${one.operation ?? 'no known operation'}, status ${String(status)}: ${body}`
    return violations.length === 0 ? [] : [[about, ...violations].join('\n  - ')]
  })
  if (complaints.length > 0) throw new Error(`The emulator gave answers against the spec.\n${complaints.join('\n')}`)
}
