import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import type { Linter } from 'eslint'
import tseslint from 'typescript-eslint'

/** Modules that files matching `files` must not import, with the reason a person sees; an index is for others. */
function forbid(files: string[], patterns: { group: string[]; message: string }[]): Linter.Config {
  const index = { regex: '^\\.\\.?/index\\.js$', message: 'Nothing imports the index.' }
  return { files, rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, index] }] } }
}

/** Imports point one way: providers, then these folders from top to bottom. */
const layers = [['waiting', 'receiving'], ['client'], ['sending'], ['signing', 'transport'], ['errors', 'xml']]

/** The folders above a layer, which its files must not import. */
function above(level: number): { group: string[]; message: string }[] {
  const folders = layers.slice(0, level).flat()
  return folders.length === 0 ? [] : [{ group: folders.map((name) => `**/${name}/**`), message: 'Imports point down.' }]
}

export default defineConfig(
  // The types of the batch worker's packages are installed by test:batch only, which type-checks it.
  globalIgnores(['dist', 'docs-site', 'coverage', 'generated', '**/.snippets', 'test/examples/batch-worker/']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['scripts/runtimes/project/*.mjs'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        clearTimeout: 'readonly',
        Response: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  {
    files: ['scripts/docs/assets/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: {
        addEventListener: 'readonly',
        document: 'readonly',
        Event: 'readonly',
        HTMLDetailsElement: 'readonly',
        localStorage: 'readonly',
        location: 'readonly',
        MutationObserver: 'readonly',
      },
    },
  },
  ...layers.map((folders, level) =>
    forbid(
      folders.map((folder) => `src/${folder}/**`),
      [
        {
          group: ['**/huawei-vod/**', '**/tencent-ci/**', '**/testing/**'],
          message: 'A shared folder knows no provider.',
        },
        { group: ['**/generated/**'], message: 'A provider passes its tables down.' },
        ...above(level),
      ],
    ),
  ),
  forbid(
    ['src/huawei-vod/**'],
    [
      {
        group: ['**/src/tencent-ci/**', '../tencent-ci/**', '**/generated/tencent-ci/**', '../testing/**'],
        message: 'Providers know neither each other nor the emulator.',
      },
    ],
  ),
  forbid(
    ['src/tencent-ci/**'],
    [
      {
        group: ['../huawei-vod/**', '**/generated/huawei-vod/**', '../testing/**'],
        message: 'Providers know neither each other nor the emulator.',
      },
    ],
  ),
  forbid(['src/testing/**', 'src/*.ts', 'src/errors/api-error-code.ts', 'src/errors/wait-results.ts'], []),
)
