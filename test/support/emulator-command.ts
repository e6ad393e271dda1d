import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/** The command while it runs. */
export interface RunningCommand {
  readonly pid: number
  /** The next line it prints. Undefined once it has ended. */
  readonly line: () => Promise<string | undefined>
  /** Ends it with a signal, and resolves to its exit code. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

/** Starts `cloud-media-emulator` from its source. */
export function startEmulatorCommand(...args: string[]): RunningCommand {
  const { child, exit } = start(args)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    pid: child.pid ?? 0,
    line: async () => {
      const next = await lines.next()
      return next.done === true ? undefined : next.value
    },
    end: (signal) => {
      child.kill(signal)
      return exit
    },
  }
}

/** Runs the command to its end. */
export async function runEmulatorCommand(
  ...args: string[]
): Promise<{ exitCode: number | null; output: string; complaint: string }> {
  const { child, exit } = start(args)
  const [output, complaint, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { exitCode, output, complaint }
}

function start(args: readonly string[]) {
  // One process, so that a signal reaches the command itself.
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/testing/command.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, exit }
}
