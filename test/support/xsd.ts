import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'

// libxml2 reads the files that an XSD includes through these.
xmlRegisterFsInputProviders()

const XSD_FOLDER = path.resolve('specs/tencent-ci/xsd')

/** The text of each XSD by its name. */
export const xsdTexts: ReadonlyMap<string, string> = new Map(
  readdirSync(XSD_FOLDER).map((file) => [file, readFileSync(path.join(XSD_FOLDER, file), 'utf8')]),
)

/** Lends a validator by an XSD of Tencent: libxml2 lives in WebAssembly, whose memory is not collected. */
export function withXsd<Result>(file: string, use: (validator: XsdValidator) => Result): Result {
  const schema = openXsd(file)
  const validator = XsdValidator.fromDoc(schema)
  try {
    return use(validator)
  } finally {
    validator.dispose()
    schema.dispose()
  }
}

const kept = new Map<string, XsdValidator>()

/** A validator that lives as long as the tests run. */
export function keptXsd(file: string): XsdValidator {
  const validator = kept.get(file) ?? XsdValidator.fromDoc(openXsd(file))
  kept.set(file, validator)
  return validator
}

function openXsd(file: string): XmlDocument {
  const url = path.join(XSD_FOLDER, file)
  return XmlDocument.fromBuffer(readFileSync(url), { url })
}
