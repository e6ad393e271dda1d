/** One element of the generated tables. An element without `children` has text. */
export interface XmlElement {
  readonly name: string
  /** True if the element may repeat: its value is always an array. */
  readonly repeats?: boolean
  /** True for a list that every value has: an absent element is the empty list. */
  readonly mayBeAbsent?: boolean
  /** In the order of sending. */
  readonly children?: readonly XmlElement[]
}

/** The value of an element: text, or its children by name. */
export type XmlValue = string | XmlNode | XmlValue[]
export interface XmlNode {
  [name: string]: XmlValue
}
