// A process may load the package twice, as ES modules and as CommonJS, and then has two classes for each error. What
// makes them one is a static method of every exported class, `cloudMediaError`, that returns the name of the class.

/** A class of errors: one of the package, or one that a caller has derived and that inherits the method. */
interface ErrorClass {
  readonly prototype: object
}

/** Whether a value is an error of the class, or of the class with that name in another copy of the package. */
export function isInstanceOf(value: unknown, type: ErrorClass): boolean {
  try {
    if (Function.prototype[Symbol.hasInstance].call(type, value)) return true
    const name = nameOf(type)
    for (
      let object = value;
      name !== undefined && isObject(object);
      object = Object.getPrototypeOf(object) as unknown
    ) {
      if (object.constructor.prototype === object && nameOf(object.constructor) === name) return true
    }
  } catch {
    // A proxy or a getter may throw.
  }
  return false
}

/** Undefined for a class that a caller has derived, and for any other. */
function nameOf(type: object): string | undefined {
  if (!Object.hasOwn(type, 'cloudMediaError')) return undefined
  return (type as { cloudMediaError: () => string }).cloudMediaError()
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
