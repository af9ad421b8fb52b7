/// Writes items of CBOR (RFC 8949) into one buffer as they come, without making a tree of them.
///
/// What is written is what the tree of the same items is encoded as.
struct CBORWriter {
  /// What was written.
  private(set) var output: [UInt8] = []
  /// How many lists, maps and tags are open.
  private var depth = 0

  /// Where the head of a map stands whose pairs are not counted yet.
  struct OpenFields {
    fileprivate let position: Int
  }

  /// A writer of about `capacity` bytes.
  init(capacity: Int = 0) { output.reserveCapacity(capacity) }

  mutating func unsigned(_ number: UInt64) { head(0, number) }
  mutating func negative(_ number: UInt64) { head(1, number) }
  mutating func integer(_ integer: Int64) {
    if integer >= 0 { unsigned(UInt64(integer)) } else { negative(UInt64(~integer)) }
  }
  mutating func bytes(_ bytes: [UInt8]) {
    head(2, UInt64(bytes.count))
    output += bytes
  }
  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      head(3, UInt64(bytes.count))
      output.append(contentsOf: bytes)
    }
  }
  mutating func bool(_ bool: Bool) { output.append(bool ? 0xF5 : 0xF4) }
  mutating func null() { output.append(0xF6) }
  mutating func double(_ bits: UInt64) {
    output.append(0xFB)
    append(bits, byteCount: 8)
  }

  /// Begins a list, whose items and `close` follow; throws `tooDeep`.
  mutating func openList(_ count: Int) throws(StoredFormError) {
    listHead(count)
    try open(holding: count)
  }

  /// Begins a map, whose keys and values, in turns, and `close` follow; throws `tooDeep`.
  mutating func openMap(_ count: Int) throws(StoredFormError) {
    head(5, UInt64(count))
    try open(holding: count)
  }

  /// Begins an item with a tag, which and `close` follow; throws `tooDeep`.
  mutating func openTag(_ tag: UInt64) throws(StoredFormError) {
    head(6, tag)
    try open(holding: 1)
  }

  /// Ends a list, a map or an item with a tag.
  mutating func close() { depth -= 1 }

  /// Begins a map whose pairs are counted when it ends.
  mutating func openFields() throws(StoredFormError) -> OpenFields {
    let fields = OpenFields(position: output.count)
    try openMap(0)
    return fields
  }

  /// Ends a map that turned out to have `count` pairs.
  mutating func close(_ fields: OpenFields, count: Int) throws(StoredFormError) {
    depth -= 1
    guard count > 0 else { return }
    guard depth < CBOR.deepest else { throw .tooDeep }
    if count < 24 {
      output[fields.position] |= UInt8(count)
    } else {
      var head = CBORWriter()
      head.head(5, UInt64(count))
      output.replaceSubrange(fields.position...fields.position, with: head.output)
    }
  }

  /// What begins a list whose items are no part of it to this writer: each may be as deep as one alone.
  mutating func listHead(_ count: Int) { head(4, UInt64(count)) }

  private mutating func open(holding count: Int) throws(StoredFormError) {
    guard count == 0 || depth < CBOR.deepest else { throw .tooDeep }
    depth += 1
  }

  /// The major type and its number in the fewest bytes (RFC 8949 §3).
  private mutating func head(_ major: UInt8, _ number: UInt64) {
    let top = major << 5
    switch number {
    case 0..<24: output.append(top | UInt8(number))
    case 24...0xFF:
      output.append(top | 24)
      output.append(UInt8(number))
    case 0x100...0xFFFF:
      output.append(top | 25)
      append(number, byteCount: 2)
    case 0x1_0000...0xFFFF_FFFF:
      output.append(top | 26)
      append(number, byteCount: 4)
    case _:
      output.append(top | 27)
      append(number, byteCount: 8)
    }
  }

  private mutating func append(_ number: UInt64, byteCount: UInt64) {
    for index in (0..<byteCount).reversed() {
      output.append(UInt8(truncatingIfNeeded: number >> (8 * index)))
    }
  }
}
