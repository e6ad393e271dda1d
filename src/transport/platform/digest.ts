/** Lower-case hex. Where the platform can, at once: waiting costs more than a digest. */
export type Digest = string | Promise<string>
