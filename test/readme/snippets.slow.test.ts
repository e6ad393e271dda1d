import { it } from 'vitest'
import { compile, useSnippets } from './snippets.js'

const { folder } = useSnippets('slow')

it('README and guides have snippets that compile with TypeScript 5', () => compile(folder, 'typescript'))
