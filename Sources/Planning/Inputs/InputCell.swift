package import Diagnostics
package import Playbooks

/// The value of an input in a row of a table, such as a tenants file.
package struct InputCell: Sendable, Hashable {
  /// What is in the cell.
  package enum Content: Sendable, Hashable {
    /// Text of a table without types, read as the declared type; lists and maps are JSON.
    case text(String, Quoting)
    /// A value of a YAML or JSON file.
    case node(YAMLNode)
  }

  /// How the text of a cell is written.
  package enum Quoting: Sendable, Hashable {
    /// As it is.
    case plain
    /// Between quotation marks, with each one inside written twice.
    case quoted
  }

  /// What is in the cell.
  package var content: Content
  /// Where the cell begins, quotation mark included.
  package var location: SourceLocation

  /// A cell of a table without types.
  package init(_ text: String, _ quoting: Quoting, at location: SourceLocation) {
    content = .text(text, quoting)
    self.location = location
  }

  /// A value of a YAML or JSON file.
  package init(_ node: YAMLNode) {
    content = .node(node)
    location = node.location
  }
}

/// JSON in a cell.
extension InputCell {
  /// The text of the cell as JSON, every part with its place in the file; throws when it is none.
  package static func json(
    _ text: String, _ quoting: Quoting, at location: SourceLocation
  ) throws(InvalidInput) -> YAMLNode {
    do throws(InvalidInput) {
      return try YAMLNode(parsingJSON: Array(text.utf8), file: location.file)
        .moved(by: InnerPlaces(text, quoting, from: location))
    } catch {
      let places = InnerPlaces(text, quoting, from: location)
      throw InvalidInput(
        error.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.location = diagnostic.location.map(places.place)
          return diagnostic
        })
    }
  }
}

extension YAMLNode {
  fileprivate func moved(by places: InnerPlaces) -> YAMLNode {
    let content: Content =
      switch self.content {
      case .scalar: self.content
      case .sequence(let nodes): .sequence(nodes.map { $0.moved(by: places) })
      case .unreadable(let nodes): .unreadable(nodes.map { $0.moved(by: places) })
      case .mapping(let entries):
        .mapping(
          entries.map {
            Entry(
              key: $0.key, keyLocation: places.place($0.keyLocation),
              value: $0.value.moved(by: places))
          })
      }
    return YAMLNode(content: content, location: places.place(location))
  }
}

/// Where the parts of a cell's text are in the file.
private struct InnerPlaces {
  /// The place of each Unicode scalar of the text and of its end.
  private let places: [(line: Int, column: Int)]
  /// For each line of the text, the first of its Unicode scalars.
  private let lineStarts: [Int]
  private let file: String

  init(_ text: String, _ quoting: InputCell.Quoting, from start: SourceLocation) {
    var places: [(line: Int, column: Int)] = []
    var lineStarts = [0]
    var line = start.line
    var column = start.column + (quoting == .quoted ? 1 : 0)
    var followsReturn = false
    for scalar in text.unicodeScalars {
      places.append((line, column))
      let endsPair = followsReturn && scalar == "\n"
      followsReturn = scalar == "\r"
      // Lines of JSON end with LF alone.
      if scalar == "\n" { lineStarts.append(places.count) }
      guard scalar == "\n" || scalar == "\r" else {
        column += scalar == "\"" && quoting == .quoted ? 2 : 1
        continue
      }
      if !endsPair { line += 1 }
      column = 1
    }
    places.append((line, column))
    self.places = places
    self.lineStarts = lineStarts
    file = start.file
  }

  /// The place in the file of what is at `inner` of the text.
  func place(_ inner: SourceLocation) -> SourceLocation {
    let start = lineStarts[min(max(0, inner.line - 1), lineStarts.count - 1)] + inner.column - 1
    let first = places[min(max(0, start), places.count - 1)]
    let last = places[min(max(0, start + inner.length), places.count - 1)]
    let length = last.line == first.line ? last.column - first.column : inner.length
    return SourceLocation(
      file: file, line: first.line, column: first.column, length: length)
  }
}
