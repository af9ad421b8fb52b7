/// Whether a text is a well-formed XML document, as far as reports need it: elements, attributes, text and
/// the five named entities; no comments, sections, instructions or declarations of types.
struct WellFormedXML {
  private static let names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:."
    .unicodeScalars
  private static let entities = ["amp", "lt", "gt", "quot", "apos"]

  /// The elements, each with its attributes, in the order in which they begin.
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  /// What is wrong first; nil for a document that is well-formed.
  private(set) var flaw: String?
  private var rest: Substring.UnicodeScalarView
  private var open: [String] = []

  init(_ text: String) {
    let declaration = #"<?xml version="1.0" encoding="UTF-8"?>"#
    rest = text.unicodeScalars[...]
    guard text.hasPrefix(declaration) else {
      flaw = "no declaration"
      return
    }
    rest = rest.dropFirst(declaration.unicodeScalars.count)
    do {
      try read()
    } catch {
      flaw = error.text
    }
  }

  private struct Flaw: Error { var text: String }

  private mutating func read() throws(Flaw) {
    while let scalar = rest.first {
      if scalar == "<" { try readTag() } else { _ = try readText(until: "<") }
    }
    if let last = open.last { throw Flaw(text: "<\(last)> is not closed") }
    if elements.isEmpty { throw Flaw(text: "no element") }
  }

  private mutating func readTag() throws(Flaw) {
    rest.removeFirst()
    let isEnd = take("/")
    let name = readName()
    guard !name.isEmpty else { throw Flaw(text: "no name after <") }
    if isEnd {
      guard open.popLast() == name, take(">") else { throw Flaw(text: "</\(name)> is unexpected") }
      return
    }
    if open.isEmpty, !elements.isEmpty { throw Flaw(text: "a second root <\(name)>") }
    elements.append((name, try readAttributes()))
    let isEmpty = take("/")
    guard take(">") else { throw Flaw(text: "<\(name) does not end") }
    if !isEmpty { open.append(name) }
  }

  private mutating func readAttributes() throws(Flaw) -> [String: String] {
    var attributes: [String: String] = [:]
    while take(" ") {
      let name = readName()
      guard !name.isEmpty, take("="), take("\"") else { throw Flaw(text: "attribute \(name)") }
      let value = try readText(until: "\"")
      guard take("\""), attributes.updateValue(value, forKey: name) == nil else {
        throw Flaw(text: "attribute \(name)")
      }
    }
    return attributes
  }

  private mutating func readText(until end: Unicode.Scalar) throws(Flaw) -> String {
    var text = ""
    while let scalar = rest.first, scalar != end {
      rest.removeFirst()
      switch scalar {
      case "<": throw Flaw(text: "< in text")
      case "&": text += try readEntity()
      case "\n", "\t", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        text.unicodeScalars.append(scalar)
      case _: throw Flaw(text: "character \(scalar.value)")
      }
    }
    guard open.isEmpty, end == "<", text.contains(where: { !$0.isWhitespace }) else { return text }
    throw Flaw(text: "text outside of elements")
  }

  private mutating func readEntity() throws(Flaw) -> String {
    let name = readName()
    guard Self.entities.contains(name), take(";") else { throw Flaw(text: "entity &\(name)") }
    return ["amp": "&", "lt": "<", "gt": ">", "quot": "\""][name] ?? "'"
  }

  private mutating func readName() -> String {
    let name = rest.prefix { Self.names.contains($0) }
    rest = rest[name.endIndex...]
    return String(String.UnicodeScalarView(name))
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }
}
