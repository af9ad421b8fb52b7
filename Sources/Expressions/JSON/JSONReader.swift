struct JSONReader {
  init(_ bytes: some Collection<UInt8>) {}
  mutating func readDocument() throws(JSONError) -> Value { .null }
}
