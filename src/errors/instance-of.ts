// A process may load the package twice, as ES modules and as CommonJS, and then has two classes for each error. They are
// one by their mark and the name that each of them has on its prototype.

import { isRecord } from '../type-guards.js'

export const MARK = '@cloud-media-clients'

/** Whether a value is an error of the class, or of the class with that name in another copy of the package. */
export function isInstanceOf(value: unknown, type: { readonly prototype: { readonly name: string } }): boolean {
  try {
    if (Function.prototype[Symbol.hasInstance].call(type, value)) return true
    // A class that a caller has derived has no other copy.
    if (!Object.hasOwn(type.prototype, 'name')) return false
    for (let object = value; isRecord(object) && MARK in object; object = Object.getPrototypeOf(object) as unknown) {
      if (Object.hasOwn(object, 'name') && object['name'] === type.prototype.name) return true
    }
  } catch {
    // A proxy or a getter may throw.
  }
  return false
}
