import type { Provider } from '../../generate/read/provider.js'

/** What a reader knows a provider by, and what its snippets need. */
export interface Service {
  readonly title: string
  /** Name of a client in snippets. */
  readonly client: string
  /** The lines that create a client of an emulator. */
  readonly emulatedClient: readonly string[]
  readonly create: string
}

const SERVICES: Readonly<Record<string, Service>> = {
  'huawei-vod': {
    title: 'Huawei Cloud VOD',
    client: 'vod',
    create: 'createHuaweiVodClient',
    emulatedClient: ['...emulator.options.huawei', `region: 'cn-north-4'`],
  },
  'tencent-ci': {
    title: 'Tencent Cloud CI',
    client: 'ci',
    create: 'createTencentCiClient',
    emulatedClient: ['...emulator.options.tencent'],
  },
}

export function serviceOf({ name }: Pick<Provider, 'name'>): Service {
  const service = SERVICES[name]
  if (service === undefined) throw new Error(`${name} has no title: add it to ${import.meta.filename}`)
  return service
}
