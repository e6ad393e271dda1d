import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** The providers' SDKs. Huawei's requires uuid without declaring it. */
const PACKAGES = {
  '@huaweicloud/huaweicloud-sdk-vod': '3.0.18-beta',
  '@huaweicloud/huaweicloud-sdk-core': '3.1.211',
  uuid: '9.0.1',
  'cos-nodejs-sdk-v5': '3.0.0',
}

/** Installs the providers' SDKs in a temporary folder, and removes it after use. They are not dependencies of ours. */
export async function withProviderSdks<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'provider-sdks-'))
  try {
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }))
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
