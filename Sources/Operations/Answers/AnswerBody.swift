import Expressions

/// What the body of an answer turns out to be, whatever its content type claims.
enum AnswerBody: Sendable, Hashable {
  case empty
  /// JSON, and the text it was read from without the space around it.
  case json(Value, text: String)
  /// An HTML page, as proxies and frameworks send it; its title when it has one.
  case page(title: String?)
  /// UTF-8 text that does not try to be JSON.
  case text(String)
  /// Something that begins like JSON and is not.
  case broken(JSONError)
  /// Neither text nor JSON.
  case binary

  init(_ response: APIResponse) {
    guard let decoded = String(validating: response.body, as: UTF8.self) else {
      self = .binary
      return
    }
    let text = decoded.trimmed
    guard !text.isEmpty else {
      self = .empty
      return
    }
    do {
      self = .json(try JSON.parse(response.body), text: text)
    } catch {
      self = Self.withoutJSON(text, error: error, type: response.header("Content-Type"))
    }
  }

  private static func withoutJSON(_ text: String, error: JSONError, type: String?) -> AnswerBody {
    if text.hasPrefix("<") { return .page(title: title(of: text)) }
    if let first = text.first, "{[\"".contains(first) { return .broken(error) }
    if let type, type.lowercased().contains("json"), text.contains(where: \.isWhitespace) {
      return .broken(error)
    }
    return .text(text)
  }

  /// The text between `<title>` and `</title>`, as it is.
  private static func title(of page: String) -> String? {
    let head = page.prefix(8192)
    guard let open = head.firstRange(ofLowercase: "<title>"),
      let close = head[open.upperBound...].firstRange(ofLowercase: "</title>")
    else { return nil }
    return String(head[open.upperBound..<close.lowerBound]).trimmed.nonEmpty
  }

  /// A single text, number or truth value, an array around it taken off.
  var bareText: String? {
    switch self {
    case .json(.string(let string), _): string.trimmed.nonEmpty
    case .json(.list(let elements), _): elements.count == 1 ? elements[0].plainText : nil
    case .json(let value, let text): value.plainText == nil ? nil : text
    case .text(let text): text.contains(where: \.isWhitespace) ? nil : text
    case .empty, .page, .broken, .binary: nil
    }
  }

  /// The answer's object, an array around it taken off.
  var object: ValueMap? {
    switch self {
    case .json(.map(let map), _): map
    case .json(.list(let elements), _) where elements.count == 1: elements[0].fields
    case .json, .empty, .page, .text, .broken, .binary: nil
    }
  }

  var isJSON: Bool {
    if case .json = self { true } else { false }
  }
}

extension String {
  var nonEmpty: String? { isEmpty ? nil : self }

  /// At most `limit` characters on one line, without control characters.
  func printable(_ limit: Int) -> String {
    var text = ""
    var count = 0
    for character in self.trimmed {
      guard count < limit else { return text + "…" }
      let isControl = character.unicodeScalars.contains {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
      }
      text.append(isControl || character.isWhitespace ? " " : character)
      count += 1
    }
    return text
  }
}

extension Substring {
  fileprivate func firstRange(ofLowercase needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].lowercased(hasPrefix: needle) {
        return start..<(index(start, offsetBy: needle.count))
      }
      start = index(after: start)
    }
    return nil
  }

  private func lowercased(hasPrefix needle: String) -> Bool {
    prefix(needle.count).lowercased() == needle
  }
}
