/** The end of a file, as it stands in the results. */
export interface Outcome {
  /** `refused`: the provider, or the client, rejected the submission, so there is no job. */
  readonly state: 'succeeded' | 'failed' | 'refused'
  readonly id?: string | undefined
  /** Where the result is. */
  readonly result?: string | undefined
  readonly error?: string | undefined
}

export interface PollOptions {
  readonly signal: AbortSignal
  /** Milliseconds between two reads. Default: from 2,000, growing to 30,000. */
  readonly pollIntervalMs?: number
}

/** What the worker asks of a provider. Errors are those of the clients. */
export interface Provider {
  /** Submits a file, and returns the ID of its job. */
  readonly submit: (file: string, userData: string) => Promise<string>
  /** The IDs of the jobs that were created for a file since then; missing if the provider cannot tell. */
  readonly find?: (file: string, userData: string, since: Date) => Promise<readonly string[]>
  /** Waits until a job has ended, whether or not it has succeeded. */
  readonly outcomeOf: (id: string, options: PollOptions) => Promise<Outcome>
}
