// Compiled by `npm run typecheck`; each @ts-expect-error is an error itself where the line below it compiles.
import {
  CallbackError,
  parseJobCallback,
  respondToCallback,
  verifyMfsEvent,
  type CallbackInput,
  type UnconfirmedJob,
} from '../../src/callbacks.js'
import { createTencentCiClient, type AudioExtractInfo, type Job, type VodEvent } from '../../src/index.js'

const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'b-1250000000',
  credentials: { secretId: 'i', secretKey: 'k' },
})
declare const request: Request
declare const input: CallbackInput
declare function use(...values: unknown[]): void

/** Never run: only the types matter. */
export async function callbacks(): Promise<void> {
  const now: UnconfirmedJob[] = parseJobCallback('text')
  const later: Promise<UnconfirmedJob[]> = parseJobCallback(request)
  // @ts-expect-error a Request is read later
  const atOnce: UnconfirmedJob[] = parseJobCallback(request)
  const either: UnconfirmedJob[] = await parseJobCallback(input)
  use(either)
  // Typed like jobs that were read, down to the union by Tag.
  for (const job of now) {
    const readable: Job = job
    if (job.Tag === 'NoiseReduction') use(job.Operation?.NoiseReduction?.Format)
    const confirmed: false | undefined = job.confirmed
    use(readable, confirmed)
  }
  const confirmed: Job[] = await ci.confirmCallback(request, { timeoutMs: 1_000 })
  // @ts-expect-error a job that was read has no such field
  use(confirmed[0]?.confirmed)
  // @ts-expect-error a body that was parsed
  void ci.confirmCallback({ body: { JobsDetail: [] } })
  // @ts-expect-error bytes alone have no headers, which the signature needs
  void verifyMfsEvent(new Uint8Array(), { keys: ['k'] })
  // @ts-expect-error keys is a list
  void verifyMfsEvent(request, { keys: 'k' })
  use(later, atOnce)
}

/** Never run: an event is narrowed by its type. */
export async function events(input: CallbackInput): Promise<void> {
  const event: VodEvent = await verifyMfsEvent(input, { keys: ['k'] })
  if (event.event_type === 'audioExtractComplete') {
    const info: AudioExtractInfo | undefined = event.audio_extract_info
    const id: string | undefined = info?.asset_id
    use(id, info?.status === 'SUCCEED', info?.meta_data?.duration)
  }
  // Fields of other types are there, unknown.
  if ('create_info' in event) use(event['create_info'])
  const { status } = await respondToCallback(async (signal) => ci.confirmCallback(request, { signal }))
  const possible: 200 | 400 | 503 = status
  use(possible)
}

/** Never run: the codes of an error are closed. */
export function codes(error: CallbackError): void {
  if (error.code === 'wrong-signature') use(error.hint)
  // @ts-expect-error no such code
  if (error.code === 'wrong') use(error)
}
