// A tiny application, and nothing in it that is there for its tests.
import {
  CloudMediaError,
  createHuaweiVodClient,
  createTencentCiClient,
  type HuaweiCredentials,
  type HuaweiVodClient,
  type TencentCiClient,
  type TencentCredentials,
} from 'cloud-media-clients'

const STORE = { Region: 'ap-beijing', Bucket: 'examplebucket-1250000000' }

export interface Studio {
  readonly vod: HuaweiVodClient
  readonly ci: TencentCiClient
}

/** Connects to both services. */
export function openStudio(huawei: HuaweiCredentials, tencent: TencentCredentials): Studio {
  return {
    vod: createHuaweiVodClient({
      region: 'cn-north-4',
      projectId: '0123456789abcdef0123456789abcdef',
      credentials: huawei,
    }),
    ci: createTencentCiClient({ region: STORE.Region, bucket: STORE.Bucket, credentials: tencent }),
  }
}

/** Has the noise removed from a recording, and returns the id of the job. */
export async function cleanRecording(ci: TencentCiClient, recording: string): Promise<string> {
  try {
    const job = await ci.createNoiseReductionJob({
      Input: { Object: recording },
      Operation: { Output: { ...STORE, Object: `clean/${recording}` } },
    })
    return job.JobId
  } catch (error) {
    // A second job would be paid for as well.
    if (error instanceof CloudMediaError && error.mayHaveRun) return 'unknown: look before submitting again'
    throw error
  }
}

/** Takes an episode back from publication, and returns the ids of assets that do not exist. */
export async function withdrawEpisode(vod: HuaweiVodClient, assetIds: string[]): Promise<string[]> {
  const { asset_info_array } = await vod.unpublishAssets({ asset_id: assetIds })
  const missing = asset_info_array.filter(({ status }) => status === 'NOASSET' || status === 'NO_ASSET')
  return missing.flatMap(({ asset_id }) => asset_id ?? [])
}
