import { operations as huaweiVod } from '../../generated/huawei-vod/operations.js'
import { assetStatus } from '../../generated/huawei-vod/states.js'
import { operations as tencentCi } from '../../generated/tencent-ci/operations.js'
import { jobState } from '../../generated/tencent-ci/states.js'
import { nearestTo, suggestionFor } from '../client/suggestion.js'
import { isPlainObject, isText } from '../type-guards.js'
import { demand, demandNames, demandTimes } from './checks.js'
import type { AssetOutcome, Assets } from './huawei-vod/assets.js'
import type { Submissions } from './plans.js'
import type { JobOutcome, Jobs } from './tencent-ci/jobs.js'

/** What becomes of a job, with a `State`, or of an asset, with a `status`. */
export type Outcome = JobOutcome | AssetOutcome

/**
 * Decides what becomes of a job or an asset, by its ID, or of submissions to come.
 *
 * @throws TypeError for an ID that does not exist, and for what would never take effect
 */
export function settle(target: string | Submissions, outcome: Outcome, jobs: Jobs, assets: Assets): void {
  const kind = checkOutcome(outcome)
  if (typeof target === 'string') {
    const isFound = 'State' in outcome ? jobs.settle(target, outcome) : assets.settle(target, outcome)
    demand(isFound, `settle: there is no ${kind.name} ${target}`)
  } else {
    checkSubmissions(target, kind)
    if ('State' in outcome) jobs.plan(target, outcome)
    else assets.plan(target, outcome)
  }
}

/** What an outcome may have, and the operations that lead to one. */
interface Kind {
  readonly name: string
  /** The state, and then the optional texts. */
  readonly fields: readonly string[]
  readonly states: readonly string[]
  readonly operations: readonly string[]
}

const JOB: Kind = {
  name: 'job',
  fields: Object.keys({ State: true, Code: true, Message: true } satisfies Record<keyof JobOutcome, true>),
  states: Object.values(jobState).flat(),
  operations: [tencentCi.createVoiceSeparateJob.name, tencentCi.createNoiseReductionJob.name],
}

const ASSET: Kind = {
  name: 'asset',
  fields: Object.keys({ status: true, description: true } satisfies Record<keyof AssetOutcome, true>),
  states: Object.values(assetStatus).flat(),
  operations: [huaweiVod.createExtractAudioTask.name],
}

function checkOutcome(outcome: object): Kind {
  demand(isPlainObject(outcome), 'settle: the outcome must be an object')
  const kind = 'State' in outcome ? JOB : ASSET
  demandNames('settle', outcome, kind.fields)
  const [state, ...texts] = kind.fields.map((name): unknown => new Map(Object.entries(outcome)).get(name))
  if (!isText(state)) throw new TypeError('settle: the outcome must have the State of a job or the status of an asset')
  // A state that the spec does not have is possible, but not one that is misspelled.
  const nearest = kind.states.includes(state) ? undefined : nearestTo(state, kind.states)
  demand(nearest === undefined, `settle: ${state} is not a state of the ${kind.name}; did you mean ${String(nearest)}?`)
  const areTexts = texts.every((text) => text === undefined || typeof text === 'string')
  demand(areTexts, `settle: ${kind.fields.join(', ')} must be text`)
  return kind
}

function checkSubmissions(submissions: Submissions, { name, operations }: Kind): void {
  demand(isPlainObject(submissions), 'settle: the target must be an ID, or an object with operation or source')
  demandNames('settle', submissions, ['operation', 'source', 'times'])
  const { operation, source, times } = submissions
  const given = [operation, source].filter((text) => text !== undefined)
  demand(given.length > 0 && given.every(isText), 'settle: the target must have operation or source, as text')
  if (operation !== undefined && !operations.includes(operation)) {
    throw new TypeError(`settle: ${operation} submits no ${name}; ${suggestionFor(operation, operations)}`)
  }
  demandTimes('settle', times ?? 1)
}
