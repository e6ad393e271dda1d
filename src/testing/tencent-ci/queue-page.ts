import type {
  ListAudioQueuesRequest,
  ListQueuesRequest,
  Queue,
  QueuesResponse,
} from '../../../generated/tencent-ci/types.js'
import { documentedQueue, submittedJobs } from './documented.js'

const ACTIVE = 'Active'
/** Stands for every category in a filter. */
const ALL = 'CateAll'

/** The queues of the emulator: those of the documented jobs. Only the audio queue has a type. */
const queues = Object.values(submittedJobs).map(({ QueueId = '', QueueType }): Queue => ({
  ...documentedQueue,
  QueueId,
  State: ACTIVE,
  ...(QueueType !== undefined && { Category: QueueType }),
}))
const AUDIO = submittedJobs.createNoiseReductionJob.QueueType

/** The queues of smart audio. */
export function audioQueuePage(request: ListAudioQueuesRequest): QueuesResponse {
  return page(
    queues.filter(({ Category }) => Category === AUDIO),
    request,
  )
}

/** The queues of media processing, by default those of its first category. */
export function queuePage({ category = documentedQueue.Category, ...request }: ListQueuesRequest): QueuesResponse {
  const inCategory = queues.filter(({ Category }) => Category !== AUDIO && [Category, ALL].includes(category))
  return page(inCategory, request)
}

/** Queues by their IDs, or one page of those in a state. */
function page(queues: readonly Queue[], request: ListAudioQueuesRequest): QueuesResponse {
  const { queueIds, state, pageNumber = 1, pageSize = 10 } = request
  const matching = queues.filter(
    ({ QueueId, State }) => (state ?? State) === State && (queueIds?.includes(QueueId) ?? true),
  )
  if (queueIds !== undefined) {
    const NonExistPIDs = queueIds.filter((id) => !queues.some(({ QueueId }) => QueueId === id))
    return { QueueList: matching, NonExistPIDs }
  }
  return {
    TotalCount: String(matching.length),
    PageNumber: String(pageNumber),
    PageSize: String(pageSize),
    QueueList: matching.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    NonExistPIDs: [],
  }
}
