/** What a server does with one request. */
export type Step = (request: Request) => Response | Promise<Response>

/** A fetch that takes one step for each request, and the last one for all further requests; and the requests. */
export function stepFetch(...steps: readonly Step[]): {
  readonly fetch: (request: Request) => Promise<Response>
  readonly requests: Request[]
} {
  const requests: Request[] = []
  return {
    requests,
    fetch: async (request) => {
      const step = steps[Math.min(requests.push(request.clone()), steps.length) - 1]
      if (step === undefined) throw new Error('no steps')
      return step(request)
    },
  }
}

/** An error response of Huawei VOD. */
export function huaweiError(status: number, code: string, message = 'no', headers: Record<string, string> = {}): Step {
  return () => Response.json({ error_code: code, error_msg: message }, { status, headers })
}

/** A result of createExtractAudioTask. */
export const extracted: Step = () => Response.json({ asset_id: 'a1', audio_asset_id: 'a2' }, { status: 202 })
