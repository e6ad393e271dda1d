/** Whether a value is an object whose properties may be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Whether a value is an object that is no list. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Array.isArray(value)
}

/** Whether a value is text, and not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
