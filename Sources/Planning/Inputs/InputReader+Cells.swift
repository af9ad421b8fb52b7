import Diagnostics
import Expressions
import Playbooks

/// Cells of tables.
extension InputReader {
  mutating func value(of cell: InputCell, folder: String) throws(InvalidInput) -> Value {
    switch cell.content {
    case .node(let node): return try value(of: node, folder: folder)
    case .text(let text, let quoting):
      switch declaration.type {
      case .list, .map, .record:
        return try value(of: try json(text, quoting, at: cell.location), folder: folder)
      case .boolean:
        // Spreadsheets write TRUE and FALSE.
        let isBoolean = CoreSchema.kind(of: text) == .bool
        return try value(
          of: isBoolean ? text.lowercased() : text, folder: folder, at: cell.location,
          secretAt: cell.location)
      case .string, .integer, .number, .secret, .file, .bytes, .any:
        if !declaration.type.holdsSecret, !isUsedAsSecret {
          warnOfExpression(in: text, at: cell.location)
        }
        return try value(
          of: text, folder: folder, at: cell.location, secretAt: cell.location)
      }
    }
  }

  /// The cell of a list or map.
  private func json(
    _ text: String, _ quoting: InputCell.Quoting, at location: SourceLocation
  ) throws(InvalidInput) -> YAMLNode {
    let opening: Character = declaration.type.isList ? "[" : "{"
    let first = text.first { !$0.isWhitespace }
    guard first == "[" || first == "{" else {
      throw InvalidInput([
        Diagnostic(
          .wrongType, "\(what) must be \(declaration.type.phrase) in JSON", at: location,
          hint: opening == "["
            ? "write it in quotes, and double those inside: \"[\"\"a\"\",\"\"b\"\"]\""
            : "write it in quotes, and double those inside: \"{\"\"key\"\":\"\"value\"\"}\"",
          quotation: hidesLine ? .none : .line)
      ])
    }
    do throws(InvalidInput) {
      return try InputCell.json(text, quoting, at: location)
    } catch {
      throw InvalidInput(
        error.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.message = "\(what): \(diagnostic.message)"
          if hidesLine { diagnostic.quotation = .none }
          return diagnostic
        })
    }
  }

  private var hidesLine: Bool { isUsedAsSecret || declaration.type.holdsSecret }
}

extension ValueType {
  fileprivate var isList: Bool {
    switch self {
    case .list: true
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .map, .record: false
    }
  }
}
