extension CBOR {
  /// The bytes of the item; throws `tooDeep`.
  func encoded() throws(StoredFormError) -> [UInt8] {
    var writer = CBORWriter()
    try write(to: &writer)
    return writer.output
  }

  /// Writes the item; throws `tooDeep`.
  func write(to writer: inout CBORWriter) throws(StoredFormError) {
    switch self {
    case .unsigned(let number): writer.unsigned(number)
    case .negative(let number): writer.negative(number)
    case .bytes(let bytes): writer.bytes(bytes)
    case .text(let text): writer.text(text)
    case .list(let items):
      try writer.openList(items.count)
      for item in items { try item.write(to: &writer) }
      writer.close()
    case .map(let pairs):
      try writer.openMap(pairs.count)
      for pair in pairs {
        try pair.key.write(to: &writer)
        try pair.value.write(to: &writer)
      }
      writer.close()
    case .tagged(let tag, let item):
      try writer.openTag(tag)
      try item.write(to: &writer)
      writer.close()
    case .bool(let bool): writer.bool(bool)
    case .null: writer.null()
    case .double(let bits): writer.double(bits)
    }
  }
}
