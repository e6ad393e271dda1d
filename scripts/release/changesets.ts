import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { isRecord } from '../generate/document-place.js'

const FOLDER = '.changeset'

/** The changesets that no version includes yet. */
export function pendingChangesets(): string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.md'))
  return files.sort().map((file) => `${FOLDER}/${file}`)
}

/** The bumps that the pending changesets ask for, such as `minor`. */
export function pendingBumps(): string[] {
  return pendingChangesets().flatMap((file) => {
    const [, head = ''] = readFileSync(file, 'utf8').split(/^---$/m)
    const bumps: unknown = parse(head)
    return isRecord(bumps) ? Object.values(bumps).map(String) : []
  })
}
