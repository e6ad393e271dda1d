import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from '../src/version.js'
import { useAnswers } from './support/answering.js'
import { huaweiClient } from './support/clients.js'

const server = useAnswers()
const UNPUBLISHED = { status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' }

it('the version is that of the package', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ version })
})

it('requests have it in their User-Agent, unless the caller sets that', async () => {
  const sent = server.answer(UNPUBLISHED)
  await huaweiClient().unpublishAssets({ asset_id: ['a'] })
  await huaweiClient({ userAgent: 'my-application/1' }).unpublishAssets({ asset_id: ['a'] })
  expect(sent.map(({ headers }) => headers.get('user-agent'))).toEqual([
    `cloud-media-clients/${version}`,
    'my-application/1',
  ])
})
