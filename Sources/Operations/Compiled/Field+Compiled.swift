import Expressions
import Playbooks

extension Field.Place: CompiledForm {}
extension Field.Role: CompiledForm {}

extension Field: CompiledForm {
  func write(to form: inout CompiledWriter) {
    schema.write(to: &form)
    place.write(to: &form)
    isRequired.write(to: &form)
    defaultText.write(to: &form)
    alsoKnownAs.write(to: &form)
    alsoSentAs.write(to: &form)
    isCommaJoined.write(to: &form)
    summary.write(to: &form)
    role.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      try ValueSchema(from: &form), at: try Place(from: &form), isRequired: try Bool(from: &form),
      defaultText: try String?(from: &form), alsoKnownAs: try [String](from: &form),
      alsoSentAs: try [String](from: &form), isCommaJoined: try Bool(from: &form),
      summary: try form.text(), role: try Role?(from: &form))
  }
}

extension AnswerField: CompiledForm {
  func write(to form: inout CompiledWriter) {
    schema.type.write(to: &form)
    from.write(to: &form)
    isSensitive.write(to: &form)
    isRequired.write(to: &form)
    record.write(to: &form)
    summary.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      try ValueType(from: &form), from: try [AnswerSource](from: &form),
      isSensitive: try Bool(from: &form), isRequired: try Bool(from: &form),
      record: try .init(from: &form), summary: try form.text())
  }
}

extension AnswerSource: CompiledForm {
  func write(to form: inout CompiledWriter) { form.write(text) }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    guard let source = AnswerSource(parsing: try form.text()) else { throw UnreadableForm() }
    self = source
  }

  /// The source as a description writes it.
  private var text: String {
    switch self {
    case .name(let name): name
    case .bare(nil): "$"
    case .bare(let status?): "$ when \(status)"
    case .list: "$list"
    case .templates: "$templates"
    case .commandID: "$commandId"
    case .requestID: "$requestId"
    case .header(let name): "$header.\(name)"
    case .body: "$body"
    case .file: "$file"
    case .fileSize: "$size"
    case .data: "$data"
    }
  }
}

extension ValueSchema: CompiledForm {
  func write(to form: inout CompiledWriter) {
    type.write(to: &form)
    // As a description writes them.
    allowed.map(\.displayText).write(to: &form)
    minimum.write(to: &form)
    maximum.write(to: &form)
    pattern.write(to: &form)
    isSensitive.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    let type = try ValueType(from: &form)
    var allowed: [Value] = []
    for text in try [String](from: &form) {
      guard let value = type.apiValue(of: .string(text)) else { throw UnreadableForm() }
      allowed.append(value)
    }
    self.init(
      type, allowed: allowed, minimum: try Int?(from: &form), maximum: try Int?(from: &form),
      pattern: try String?(from: &form), isSensitive: try Bool(from: &form))
  }
}

/// As its word, and that of its elements.
extension ValueType: CompiledForm {
  func write(to form: inout CompiledWriter) {
    form.write(word)
    element?.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    switch try form.text() {
    case "string": self = .string
    case "integer": self = .integer
    case "number": self = .number
    case "boolean": self = .boolean
    case "bytes": self = .bytes
    case "any": self = .any
    case "list": self = .list(of: try ValueType(from: &form))
    case "map": self = .map(of: try ValueType(from: &form))
    // A description has no others.
    case _: throw UnreadableForm()
    }
  }
}

extension StatusMeaning: CompiledForm {
  func write(to form: inout CompiledWriter) {
    status.write(to: &form)
    meaning.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(try form.number(), try form.text())
  }
}
