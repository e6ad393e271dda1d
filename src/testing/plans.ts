/** Future submissions. All given fields must match; at least one of `operation` and `source` is required. */
export interface Submissions {
  /** Name of the operation, such as `createNoiseReductionJob`. Default: any. */
  readonly operation?: string
  /** `Input.Object` of a job, or the ID of the asset whose audio is extracted. Default: any. */
  readonly source?: string
  /** Number of submissions. Default: 1. */
  readonly times?: number
}

/** What is planned for calls to come, such as a fault or an outcome, in the order of the plans. */
export class Plans<Planned> {
  #waiting: { readonly submissions: Submissions; left: number; readonly planned: Planned }[] = []

  add(submissions: Submissions, planned: Planned): void {
    this.#waiting.push({ submissions, left: submissions.times ?? 1, planned })
  }

  /** What is planned for this call; undefined if nothing is. */
  take(operation: string | undefined, source = ''): Planned | undefined {
    const next = this.#waiting.find(
      ({ submissions }) =>
        (submissions.operation ?? operation) === operation && (submissions.source ?? source) === source,
    )
    if (next === undefined) return undefined
    next.left -= 1
    this.#waiting = this.#waiting.filter(({ left }) => left > 0)
    return next.planned
  }
}
