import { expect, it } from 'vitest'
import { isBreaking } from '../../../scripts/release/breaking.js'

it.each([
  ['0.1.0', '0.1.0', [], false],
  ['0.1.0', '0.1.0', ['patch'], false],
  ['0.1.0', '0.1.0', ['patch', 'minor'], true],
  ['0.1.0', '0.1.1', [], false],
  ['0.1.0', '0.2.0', [], true],
  ['0.1.0', '1.0.0', [], true],
  ['1.2.3', '1.2.3', ['minor'], false],
  ['1.2.3', '1.2.3', ['major'], true],
  ['1.2.3', '1.3.0', [], false],
  ['1.2.3', '2.0.0', [], true],
])('a release from %s to %s with changesets %j announces a breaking change: %j', (from, to, bumps, announced) => {
  expect(isBreaking(from, to, bumps)).toBe(announced)
})
