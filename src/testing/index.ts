export { createEmulator } from './emulator.js'
export type { Emulator, RecordedRequest } from './emulator.js'
export type { Listening, ListenOptions } from './listen.js'
export type { EmulatorOptions, EmulatorSettings } from './options.js'
