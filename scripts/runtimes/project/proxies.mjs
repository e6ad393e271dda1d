// The checks of a process that has NODE_USE_ENV_PROXY. Only its proxy can resolve the names of the hosts.
import { ConnectionError, createTencentCiClient } from 'cloud-media-clients'
import { failureOf, matches, same } from './checking.mjs'

const JOB = { Input: { Object: 'recording.wav' }, Operation: { Output: { Object: 'out/clean.wav' } } }

export const checks = {
  HTTP_PROXY: async ({ plain }) => {
    same((await plain.listQueues()).QueueList.length, 1)
  },
  HTTPS_PROXY: async ({ secure }) => {
    same((await secure.listQueues()).QueueList.length, 1)
    await secure.createNoiseReductionJob(JOB)
  },
  NO_PROXY: async ({ direct }) => {
    same((await direct.listQueues()).QueueList.length, 1)
  },
  'proxy refuses': async ({ refused }) => {
    const error = await failureOf(refused.createNoiseReductionJob(JOB), ConnectionError)
    same(error.mayHaveRun, false)
    matches(error.message, /ERR_PROXY_TUNNEL/)
  },
  'lost response, proxy': async ({ cut }) => {
    same((await failureOf(cut.createNoiseReductionJob(JOB), ConnectionError)).mayHaveRun, true)
  },
}

/** One client per endpoint. */
export function clientsFor({ tencent, endpoints }) {
  const clients = Object.entries(endpoints).map(([name, endpoint]) => [
    name,
    createTencentCiClient({ ...tencent, endpoint, allowInsecure: true, maxAttempts: 1 }),
  ])
  return Object.fromEntries(clients)
}
