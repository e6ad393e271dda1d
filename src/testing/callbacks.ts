import { createAgenda, type Agenda } from './agenda.js'
import { httpOriginOf, reasonNotToCall } from './callback-targets.js'
import { createDeliveries, type OutgoingCallback, type RecordedCallback } from './deliveries.js'
import type { EmulatorSettings } from './options.js'

/** Calls back when a job or an extraction ends. */
export interface Callbacks extends Pick<Agenda, 'plan' | 'runDue'> {
  /** Sends a callback to a URL of the options. */
  readonly send: (callback: OutgoingCallback) => void
  /** Sends a callback to a URL that a job names, if that is allowed. */
  readonly sendToJob: (callback: OutgoingCallback, isFromPage: boolean) => void
  /** Resolves once the callbacks that are due are delivered or given up. */
  readonly done: () => Promise<void>
  /** Cancels all planned and pending callbacks. No other follows. */
  readonly close: () => void
}

export function createCallbacks(
  { callbacks, huawei, now }: EmulatorSettings,
  onStart: (callback: RecordedCallback) => void,
  onDone: (callback: RecordedCallback) => void,
): Callbacks {
  const agenda = createAgenda(now)
  const deliveries = createDeliveries({ ...callbacks, onStart, onDone })
  const configured = [...callbacks.allow, ...(huawei.events === undefined ? [] : [huawei.events.url])]
  const allowed = new Set(configured.flatMap((url) => httpOriginOf(url) ?? []))

  return {
    plan: agenda.plan,
    runDue: agenda.runDue,
    send: deliveries.send,
    sendToJob: (callback, isFromPage) => {
      deliveries.send({ ...callback, forbidden: reasonNotToCall(callback.url, allowed, isFromPage) })
    },
    done: () => {
      agenda.runDue()
      return deliveries.done()
    },
    close: () => {
      agenda.close()
      deliveries.close()
    },
  }
}
