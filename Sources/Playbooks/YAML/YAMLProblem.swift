import Diagnostics

/// A syntax error as libyaml reports it.
struct YAMLProblem: Error, Sendable, Hashable {
  var text: String
  var context: String?
  var mark: YAMLMark
  var contextMark: YAMLMark?
}

extension YAMLProblem {
  /// The error in words for the author of the file, whose text is `source`.
  func diagnostic(file: String, in source: [Unicode.Scalar]) -> Diagnostic {
    let character = source.indices.contains(mark.index) ? source[mark.index] : nil
    if isAtTab(in: source) || text.contains("tab character") {
      let isFirst = source.isIndentation(before: mark)
      return Diagnostic(
        .tabIndentation, isFirst ? "a tab cannot indent" : "unexpected tab",
        at: place(mark, file), hint: isFirst ? "indent with spaces" : "use a space instead")
    }
    let needsMarker = text == "did not find expected <document start>" && source.beginsWithDirective
    let wording = needsMarker ? missingMarker : wording(of: character)
    let hint = isInExpression(source) ? "put quotes around a value with `${{ … }}`" : wording.hint
    return Diagnostic(wording.code, wording.message, at: place(wording.mark, file), hint: hint)
  }

  /// Whether libyaml stopped at a tab outside a block scalar.
  func isAtTab(in source: [Unicode.Scalar]) -> Bool {
    guard context != "while scanning a block scalar" else { return false }
    return source.indices.contains(mark.index) && source[mark.index] == "\t"
  }

  /// Whether `${{` stands before the mark on its line, or at it: YAML has stumbled over an expression.
  private func isInExpression(_ source: [Unicode.Scalar]) -> Bool {
    let index = min(mark.index, source.count)
    let start = max(0, index - mark.column)
    let end = min(source.count, index + 2)
    return String(String.UnicodeScalarView(source[start..<end])).contains("${{")
  }

  private struct Wording {
    var code = DiagnosticCode.yamlSyntax
    var message: String
    var hint: String?
    var mark: YAMLMark
  }

  private func place(_ mark: YAMLMark, _ file: String) -> SourceLocation {
    SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
  }

  private var beginning: YAMLMark { contextMark ?? mark }

  /// Where the surrounding list or map began, in words.
  private var origin: String { "line \(beginning.line + 1), column \(beginning.column + 1)" }

  private var missingMarker: Wording {
    Wording(
      message: "a line `---` must follow the lines that begin with `%`",
      hint: "write `---` above this line, or remove the `%` lines", mark: mark)
  }

  private func wording(of character: Unicode.Scalar?) -> Wording {
    switch text {
    case "mapping values are not allowed in this context":
      Wording(
        message: "unexpected `:`",
        hint:
          "the line above may lack the blank after its `:`; otherwise quote a string that holds "
          + "`: `, or check the indentation", mark: mark)
    case "could not find expected ':'":
      Wording(
        message: "this line needs a `:` after its key",
        hint: "write `key: value`; a string over several lines begins with `|` or `>`",
        mark: context == nil ? mark : beginning)
    case "found character that cannot start any token":
      Wording(
        message: "a value cannot begin with `\(character.map(String.init) ?? "")`",
        hint: "quote it", mark: mark)
    case "found unexpected end of stream", "found unexpected document indicator":
      Wording(
        code: .unclosedQuote, message: "this quote is never closed",
        hint: "close it with the same quote", mark: beginning)
    case "found invalid Unicode character escape code":
      Wording(
        message: "this escape does not stand for a character",
        hint: "write the character itself, or `\\U` and the eight digits of its code point",
        mark: mark)
    case "found unknown escape character", "did not find expected hexdecimal number":
      Wording(
        message: "this escape does not exist in a double-quoted string",
        hint: "write `\\\\` for a backslash, or use single quotes", mark: mark)
    case "did not find expected node content" where character == nil:
      Wording(
        message: "a list or map is not closed at the end of the text",
        hint: "close a list with `]` and a map with `}`", mark: mark)
    default: structuralWording()
    }
  }

  private func structuralWording() -> Wording {
    switch text {
    case "did not find expected key":
      Wording(
        message: "this does not belong to the map that begins at \(origin)",
        hint: "give all its keys the same indentation; what begins with a quote ends with it",
        mark: mark)
    case "did not find expected '-' indicator":
      Wording(
        message: "this does not belong to the list that begins at \(origin)",
        hint: "indent a key of an element to the column behind its `- `; an element begins with "
          + "`- ` where the others do", mark: mark)
    case "did not find expected ',' or ']'":
      Wording(
        message: "the list that begins at \(origin) is not closed",
        hint: "separate its elements with `,` and close it with `]`", mark: mark)
    case "did not find expected ',' or '}'":
      Wording(
        message: "the map that begins at \(origin) is never closed before this",
        hint: "separate its entries with `,` and close it with `}`; quote a value with `{`",
        mark: mark)
    case "block sequence entries are not allowed in this context":
      Wording(
        message: "unexpected list element (`- `)",
        hint: "begin the list on the line after its key", mark: mark)
    case "mapping keys are not allowed in this context":
      Wording(message: "unexpected key", hint: "check the indentation", mark: mark)
    case "did not find expected node content":
      Wording(message: "a value is missing here", hint: nil, mark: mark)
    case "did not find expected <document start>":
      Wording(
        message: "there is more after the end of the document",
        hint: "a file is one map; check the indentation of this line", mark: mark)
    default: rareWording()
    }
  }

  private func rareWording() -> Wording {
    switch context {
    case "while scanning an anchor", "while scanning an alias":
      Wording(
        message: "`&` and `*` must be followed by a name",
        hint: "quote a string that begins with `&` or `*`", mark: beginning)
    case "while scanning a block scalar":
      Wording(
        message: "only an indentation digit, `+` or `-` can follow `|` or `>`",
        hint: "begin the string on the next line", mark: mark)
    case "while scanning a directive":
      Wording(
        message: "this is not a directive of YAML", hint: "write `%YAML 1.2`, or remove the line",
        mark: beginning)
    case _ where text == "found incompatible YAML document":
      Wording(
        message: "this version of YAML is not known", hint: "write `%YAML 1.2`, or remove the line",
        mark: mark)
    case "while parsing a node" where text == "found undefined tag handle":
      Wording(
        code: .unknownTag, message: "this tag is not known",
        hint: "leave it out; values need no tag here", mark: mark)
    default: Wording(message: "this is not valid YAML: \(text)", hint: nil, mark: mark)
    }
  }
}
