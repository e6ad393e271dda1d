/** One row of a table on a provider page, and the place in the bundled specs that must say the same. */
export interface DocumentedRow {
  /** The provider page: '000', '001', '003', ... */
  page: string
  /** The table on that page, by its caption or heading. */
  table: string
  /** The field as the row names it. */
  field: string
  /** JSON pointer into the bundled document (generated/specs/<document>.json). */
  pointer: string
  document: 'huawei-vod' | 'tencent-ci-voice-separate' | 'tencent-ci-noise-reduction'
  /** JSON type of the spec at that place; 'header' and 'response' for rows that are no schema. */
  type: 'string' | 'integer' | 'boolean' | 'array' | 'object' | 'header' | 'response'
  required: boolean
  /** The value list of the row, if it has one. */
  values?: readonly (string | number)[]
  /** Present when only an example shows the field. */
  exampleOnly?: true
}
