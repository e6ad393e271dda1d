import type { ProxySetting } from './proxy-setting.js'
import type { Setting } from './setting.js'

/** The folders that a runtime uses. */
export interface Places {
  /** The packages of the runtimes, by name. */
  readonly packages: string
  /** A project with the package under test and the files of `project/`. */
  readonly project: string
  /** The executable of Chromium. */
  readonly chromium: string
}

/** What the guide on runtimes says of a runtime. */
export interface Behavior {
  /** Whether an error shows that no connection was made. */
  readonly isConnectionKnown: boolean
  /** Whether it sends a request again by itself, if a connection that was kept breaks. */
  readonly isSentAgain: boolean
}

export interface Runtime {
  readonly name: string
  readonly version: (places: Places) => Promise<string>
  readonly behavior: Behavior
  /** Performs the checks of the scenario, and returns the result of each as a line of JSON. */
  readonly run: (places: Places, setting: Setting) => Promise<string>
  /** The same for proxies; undefined if the runtime cannot take them from the environment. */
  readonly runProxies: ((places: Places, setting: ProxySetting) => Promise<string>) | undefined
}

/** Thrown by `run` if the runtime fails before the last check. */
export class IncompleteRun extends Error {
  /** The results so far. */
  readonly lines: string

  constructor(reason: string, lines: string) {
    super(reason)
    this.lines = lines
  }
}

/** For a whole run. */
export const LIMIT_MS = 90_000
