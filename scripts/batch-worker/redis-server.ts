import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

/** A Redis of its own, which writes everything to disk before it answers. */
export class RedisServer {
  readonly port: number
  readonly #folder: string
  #process: ChildProcess

  private constructor(port: number, folder: string) {
    this.port = port
    this.#folder = folder
    this.#process = this.#spawn()
  }

  static async start(folder: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folder)
    await server.#isUp()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`
  }

  /** SIGKILL, and a new start after so many milliseconds. */
  async crash(downMs: number): Promise<void> {
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
    await new Promise((resolve) => setTimeout(resolve, downMs))
    this.#process = this.#spawn()
    await this.#isUp()
  }

  stop(): void {
    this.#process.kill('SIGKILL')
  }

  #spawn(): ChildProcess {
    const options = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--bind', '127.0.0.1']
    return spawn('redis-server', ['--port', String(this.port), '--dir', this.#folder, ...options], { stdio: 'ignore' })
  }

  async #isUp(): Promise<void> {
    while ((await this.ask('PING').catch(() => []))[0] !== 'PONG')
      await new Promise((resolve) => setTimeout(resolve, 50))
  }

  /** The lines that redis-cli prints for a command; an empty one for nil. */
  async ask(...command: string[]): Promise<string[]> {
    const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(this.port), ...command])
    return stdout.replace(/\n$/, '').split('\n')
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
