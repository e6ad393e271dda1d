import { ConfigurationError } from '../errors/errors.js'

/** The pages document neither length nor format (ERRATA 11), but a slash or a dot would change the path. */
export function checkProjectId(projectId: string): void {
  if (typeof projectId !== 'string' || !/^[\w-]+$/.test(projectId)) {
    throw new ConfigurationError(
      'projectId',
      'must be letters, digits, hyphens, and underscores, as it is part of the path',
    )
  }
}
