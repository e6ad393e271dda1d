import type { Provider } from '../../generate/read/provider.js'
import { errataSection } from './errata.js'
import { errorsSection } from './errors.js'
import { operationsSection } from './operations.js'
import type { Section } from './page.js'
import { statesSection } from './states.js'
import { workflowsSection } from './workflows.js'

/** The pages that are generated from the specs. */
export function specSections(providers: readonly Provider[]): Section[] {
  return [
    operationsSection(providers),
    errorsSection(providers),
    statesSection(providers),
    workflowsSection(providers),
    errataSection(),
  ]
}
