import Operations

/// Reads `multipart/form-data` (RFC 7578), text fields only; file parts count as their text.
struct MultipartForm {
  private let bytes: [UInt8]
  private let delimiter: [UInt8]

  /// The fields of a body, or nil when it cannot be read or has more than `limit` of them.
  static func read(_ bytes: [UInt8], contentType: String, limit: Int) -> [HTTPField]? {
    guard let boundary = parameter("boundary", of: contentType), !boundary.isEmpty else {
      return nil
    }
    return MultipartForm(bytes: bytes, delimiter: Array("--\(boundary)".utf8)).fields(limit)
  }

  private func fields(_ limit: Int) -> [HTTPField]? {
    var fields: [HTTPField] = []
    guard var start = find(delimiter, from: 0).map({ $0 + delimiter.count }) else { return nil }
    while !bytes[start...].starts(with: "--".utf8) {
      guard fields.count < limit, bytes[start...].starts(with: "\r\n".utf8),
        let end = find(Array("\r\n".utf8) + delimiter, from: start),
        let field = Self.field(bytes[(start + 2)..<max(end, start + 2)])
      else { return nil }
      fields.append(field)
      start = end + 2 + delimiter.count
    }
    return fields
  }

  private static func field(_ part: ArraySlice<UInt8>) -> HTTPField? {
    let gap = Array("\r\n\r\n".utf8)
    guard let end = find(gap, in: part),
      let head = String(validating: part[..<end], as: UTF8.self),
      let value = String(validating: part[(end + gap.count)...], as: UTF8.self)
    else { return nil }
    for line in head.split(separator: "\r\n")
    where line.lowercased().hasPrefix("content-disposition:") {
      return parameter("name", of: String(line)).map { HTTPField($0, value) }
    }
    return nil
  }

  /// The value of `name=value` or `name="value"` after a semicolon.
  private static func parameter(_ name: String, of header: String) -> String? {
    for part in header.split(separator: ";").dropFirst() {
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, halves[0].filter({ $0 != " " }).lowercased() == name else {
        continue
      }
      return String(halves[1].drop { $0 == " " || $0 == "\"" }.prefix { $0 != "\"" })
    }
    return nil
  }

  private func find(_ needle: [UInt8], from start: Int) -> Int? {
    Self.find(needle, in: bytes[start...])
  }

  private static func find(_ needle: [UInt8], in slice: ArraySlice<UInt8>) -> Int? {
    guard let first = needle.first, slice.count >= needle.count else { return nil }
    return (slice.startIndex...(slice.endIndex - needle.count)).first {
      slice[$0] == first && slice[$0...].starts(with: needle)
    }
  }
}
