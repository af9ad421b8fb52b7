package import Diagnostics
import Expressions

/// Data that a person hands over, in JSON or YAML.
extension YAMLNode {
  /// Reads a document of data: as JSON when its file is called so, or when it is JSON; else as YAML.
  ///
  /// YAML reads most of JSON, but neither tabs before a name nor the halves of a surrogate pair.
  package init(
    parsingData bytes: [UInt8], file: String, limits: YAMLLimits = .playbook
  ) throws(InvalidInput) {
    if DataForm(of: file) == .json {
      self = try YAMLNode(parsingJSON: bytes, file: file, limits: limits)
      return
    }
    guard let look = JSONLook(bytes) else {
      self = try YAMLNode(parsing: bytes, file: file, limits: limits)
      return
    }
    if (try? JSONNode(parsing: bytes)) != nil {
      self = try YAMLNode(parsingJSON: bytes, file: file, limits: limits)
      return
    }
    do throws(InvalidInput) {
      self = try YAMLNode(parsing: bytes, file: file, limits: limits)
    } catch {
      guard look == .quoted else { throw error }
      self = try YAMLNode(parsingJSON: bytes, file: file, limits: limits)
    }
  }

  /// Reads a JSON document (RFC 8259), every part with its location.
  ///
  /// Names that are given twice in a map are refused, all of them at once. The document begins with
  /// line `firstLine` of its file.
  package init(
    parsingJSON bytes: [UInt8], file: String, limits: YAMLLimits = .playbook, firstLine: Int = 1
  ) throws(InvalidInput) {
    let text = try Self.text(of: bytes, file: file, limits: limits, firstLine: firstLine)
    let document: JSONNode
    do throws(JSONError) {
      document = try JSONNode(parsing: text.utf8)
    } catch {
      let location = SourceLocation(
        file: file, line: error.line + firstLine - 1, column: error.column)
      throw InvalidInput([
        Diagnostic(
          .jsonSyntax, "this is not valid JSON: \(error.message)", at: location,
          hint: error.hint)
      ])
    }
    var composer = JSONComposer(
      text: text, file: file, limits: limits, firstLine: firstLine)
    let node = composer.node(of: document, depth: 0)
    guard composer.diagnostics.isEmpty else { throw InvalidInput(composer.diagnostics.elements) }
    self = node
  }

  private static func text(
    of bytes: [UInt8], file: String, limits: YAMLLimits, firstLine: Int
  ) throws(InvalidInput) -> String {
    do throws(InvalidInput) {
      return try YAMLText(bytes, file: file, limits: limits).text
    } catch {
      throw InvalidInput(
        error.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.location?.line += firstLine - 1
          return diagnostic
        })
    }
  }
}

/// How a document begins that may be JSON.
private enum JSONLook {
  /// With a bracket, as JSON and YAML's flow style do.
  case bracket
  /// With a bracket and a quote, or with a comment in a map: JSON is what was meant.
  case quoted

  init?(_ bytes: [UInt8]) {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let parts = body.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
    guard let first = parts.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
      return nil
    }
    let second = parts.dropFirst().first
    self = second == UInt8(ascii: "\"") || second == UInt8(ascii: "/") ? .quoted : .bracket
  }
}

/// Turns a JSON document into nodes, in the order of the document.
private struct JSONComposer {
  private(set) var diagnostics = DiagnosticList()
  private let text: String.UTF8View
  private let scalars: String.UnicodeScalarView
  private let file: String
  private let limits: YAMLLimits
  private var count = 0
  // Where the walk through the text stands.
  private var index: String.Index
  private var offset = 0
  private var line: Int
  private var column = 1

  init(text: String, file: String, limits: YAMLLimits, firstLine: Int) {
    self.text = text.utf8
    scalars = text.unicodeScalars
    self.file = file
    self.limits = limits
    index = text.startIndex
    line = firstLine
  }

  mutating func node(of node: JSONNode, depth: Int) -> YAMLNode {
    var location = location(of: node.range)
    count += 1
    guard count <= limits.nodes, depth <= limits.depth else {
      if diagnostics.isEmpty { reportLimit(depth, at: location) }
      return YAMLNode(content: .unreadable([]), location: location)
    }
    let content: YAMLNode.Content
    switch node.content {
    case .null: content = .scalar("null", .plain)
    case .bool(let flag): content = .scalar(String(flag), .plain)
    case .number(let digits): content = .scalar(digits, .plain)
    case .string(let string): content = .scalar(string, .doubleQuoted)
    case .list(let elements):
      location.length = 1
      content = .sequence(elements.map { self.node(of: $0, depth: depth + 1) })
    case .map(let entries):
      location.length = 1
      content = .mapping(self.entries(of: entries, depth: depth))
    }
    return YAMLNode(content: content, location: location, places: .contiguous(lead: 0))
  }

  private mutating func entries(of entries: [JSONNode.Entry], depth: Int) -> [YAMLNode.Entry] {
    var first: [Value: SourceLocation] = [:]
    return entries.map { entry in
      let location = location(of: entry.nameRange)
      if let earlier = first[.string(entry.name)] {
        diagnostics.add(
          Diagnostic(
            .duplicateKey, "the key `\(entry.name)` is given twice", at: location,
            related: [RelatedLocation("first given here", at: earlier)]))
      } else {
        first[.string(entry.name)] = location
      }
      return YAMLNode.Entry(
        key: entry.name, keyLocation: location, value: node(of: entry.value, depth: depth + 1))
    }
  }

  private mutating func reportLimit(_ depth: Int, at location: SourceLocation) {
    let isDeep = depth > limits.depth
    diagnostics.add(
      Diagnostic(
        isDeep ? .tooDeep : .tooManyNodes,
        isDeep
          ? "lists and maps are nested deeper than \(limits.depth) levels"
          : "the file has more than \(limits.nodes) values", at: location,
        hint: "keep large data in files of their own, and pass their paths as inputs"))
  }

  /// The location of a range that begins behind all ranges asked for before.
  private mutating func location(of range: Range<Int>) -> SourceLocation {
    while offset < range.lowerBound {
      offset += UTF8.width(scalars[index])
      if scalars[index] == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
      scalars.formIndex(after: &index)
    }
    let end = text.index(index, offsetBy: range.count)
    let length = scalars[index..<end].prefix { $0 != "\n" }.count
    return SourceLocation(file: file, line: line, column: column, length: length)
  }
}
