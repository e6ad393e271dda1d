import type { VodEvent } from '../../../generated/huawei-vod/types.js'

/** In place of event.ts. To be removed. */
export function eventOf(text: string): VodEvent | undefined {
  try {
    const value = JSON.parse(text) as VodEvent | null
    return typeof value?.event_type === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
