import Diagnostics
import Expressions
import Files
import Playbooks

/// Reads the value of one declared input.
struct InputReader {
  let name: String
  let declaration: InputDeclaration
  let sources: InputSources
  var secretRules = SecretRules.standard
  var wording = InputWording.playbook
  /// Whether what is given is used as a secret although it is not declared as one.
  var isUsedAsSecret = false
  /// What deserves a look in what was read.
  var warnings: [Diagnostic] = []

  /// What kind of file the value stands in.
  private(set) var holder = "an inputs file"

  var what: Subject { wording.subject(name) }

  /// The value that the user gave, of the declared type.
  mutating func read(_ input: ProvidedInput) throws(InvalidInput) -> Value {
    switch input.source {
    case .commandLine(let text):
      secretRules.literals = .refused
      return try value(
        of: text, folder: "", at: wording.place(ofValue: text, for: name),
        secretAt: wording.place(ofValue: "•••", for: name))
    case .file(let node):
      secretRules.literals = .refused
      return try value(of: node, folder: UserPath.folder(of: node.location.file, current: ""))
    case .line(let text, let location):
      secretRules.literals = .refused
      return try value(
        of: text, folder: UserPath.folder(of: location.file, current: ""), at: location,
        secretAt: SourceLocation(
          file: location.file, line: location.line, column: location.column))
    case .cell(let cell):
      holder = "a tenants file"
      return try value(
        of: cell, folder: UserPath.folder(of: cell.location.file, current: ""))
    }
  }

  /// The value if it keeps to the declaration's type, pattern and enum.
  func checked(
    _ value: Value, written: String? = nil, at location: SourceLocation?
  ) throws(InvalidInput) -> Value {
    var schema = declaration.schema
    schema.isSensitive = isUsedAsSecret
    let diagnostics = schema.diagnostics(
      in: isUsedAsSecret ? value.hidden : value, written: isUsedAsSecret ? nil : written,
      at: location, for: what)
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics.map(unquoted)) }
    return declaration.type.value(from: value, .computed) ?? value
  }
}

extension InputReader {
  /// The diagnostic without the line it points at, when that holds what is used as a secret.
  func unquoted(_ diagnostic: Diagnostic) -> Diagnostic {
    var diagnostic = diagnostic
    if isUsedAsSecret { diagnostic.quotation = .none }
    return diagnostic
  }
}

/// Text without a type, of the command line or of a cell.
extension InputReader {
  /// A path in `text` begins in `folder`; `secretAt` is the place of a secret, of which not even the
  /// length is shown.
  mutating func value(
    of text: String, folder: String, at place: SourceLocation, secretAt hidden: SourceLocation
  ) throws(InvalidInput) -> Value {
    switch declaration.type {
    case .string: return try checked(.string(text), at: place)
    case .integer:
      guard let int = Int64(text) else { throw malformed(text, at: place) }
      return try checked(.int(int), at: place)
    case .number:
      guard let double = Double(text), double.isFinite else { throw malformed(text, at: place) }
      return try checked(.double(double), at: place)
    case .boolean:
      guard let bool = Bool(text) else { throw malformed(text, at: place) }
      return try checked(.bool(bool), at: place)
    case .secret:
      return try checked(try secret(text, for: what, folder: folder, at: hidden), at: hidden)
    case .file: return try file(text, for: what, folder: folder, at: place)
    case .list, .map, .record, .bytes, .any:
      return try value(of: try node(of: text, at: place), folder: folder)
    }
  }

  /// The value as JSON or YAML, each part of it with its position in the argument.
  private func node(
    of text: String, at place: SourceLocation
  ) throws(InvalidInput) -> YAMLNode {
    let isOneLine = !text.contains(where: \.isNewline)
    // Blanks in place of the name keep the columns of the argument.
    let lead =
      isOneLine
      ? String(repeating: "\n", count: place.line - 1)
        + String(repeating: " ", count: place.column - 1) : ""
    do throws(InvalidInput) {
      return try YAMLNode(parsingData: Array((lead + text).utf8), file: place.file)
    } catch {
      guard isOneLine else { throw error }
      // What is missing at the end of the text is missing on its line.
      throw InvalidInput(
        error.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          if let location = diagnostic.location, location.line > place.line {
            diagnostic.location = SourceLocation(
              file: place.file, line: place.line,
              column: place.column + text.unicodeScalars.count)
          }
          return diagnostic
        })
    }
  }

  private func malformed(_ text: String, at place: SourceLocation) -> InvalidInput {
    let wanted = declaration.type.phrase
    // What is used as a secret is not shown, whatever is wrong with it.
    guard !isUsedAsSecret else {
      return InvalidInput([
        Diagnostic(.wrongType, "\(what) must be \(wanted)", at: place, quotation: .none)
      ])
    }
    guard CoreSchema.holds(text) else {
      return flaw(
        .numberTooLarge, "\(what) must fit 64 bits, and \(text) does not", at: place)
    }
    let pointed = text.replacing(",", with: ".")
    let hasComma = declaration.type == .number && pointed != text && Double(pointed) != nil
    return flaw(
      .wrongType, "\(what) must be \(wanted), not `\(text)`", at: place,
      hint: hasComma ? "numbers have a decimal point and no commas" : nil)
  }
}
