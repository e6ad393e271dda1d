import { execFile, type ExecFileException } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { IncompleteRun, LIMIT_MS, type Places, type Runtime } from './runtime.js'
import { versionOf, type PackageName } from './versions.js'

interface Command {
  readonly name: string
  /** The package of the runtime, and the executable in it. */
  readonly package: PackageName
  readonly executable: string
  readonly args?: readonly string[]
  /** The file that it runs. Default: `command.mjs`. */
  readonly file?: string
  /** The variable that names a file with certificates to trust. Default: the one of Node. */
  readonly certificateVariable?: string
  readonly takesProxies: boolean
}

/** A runtime with a command line. */
export function command(options: Command): Runtime {
  return {
    name: options.name,
    version: () => Promise.resolve(versionOf(options.package)),
    behavior: { isConnectionKnown: true, isSentAgain: false },
    run: (places, setting) => linesOf(options, places, ['scenario', JSON.stringify(setting)], {}),
    runProxies: options.takesProxies
      ? (places, { environment, certificate, ...setting }) =>
          linesOf(options, places, ['proxies', JSON.stringify(setting)], {
            ...environment,
            [options.certificateVariable ?? 'NODE_EXTRA_CA_CERTS']: certificate,
          })
      : undefined,
  }
}

async function linesOf(
  { package: name, executable, args = [], file = 'command.mjs' }: Command,
  { packages, project }: Places,
  request: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      path.join(packages, name, executable),
      [...args, file, ...request],
      // Only these variables, as others may name proxies.
      {
        cwd: project,
        env: { HOME: project, DO_NOT_TRACK: '1', DENO_NO_UPDATE_CHECK: '1', ...environment },
        timeout: LIMIT_MS,
      },
    )
    return stdout
  } catch (error) {
    // What execFile adds to its errors.
    const { stdout, stderr, code, killed } = error as Partial<ExecFileException>
    const exit = killed === true ? `no end within ${String(LIMIT_MS)} ms` : `exit code ${String(code)}`
    throw new IncompleteRun(`${exit}. ${stderr ?? ''}`, stdout ?? '')
  }
}
