/** One element as the generated tables describe it. An element without `children` holds text. */
export interface XmlElement {
  readonly name: string
  /** True where the element may stand several times: always an array in the value. */
  readonly repeats?: boolean
  /** In the order of the schema, which is the order of sending. */
  readonly children?: readonly XmlElement[]
}

/** The value of an element: text, or its children by name. */
export type XmlValue = string | XmlNode | XmlValue[]
export interface XmlNode {
  [name: string]: XmlValue
}
