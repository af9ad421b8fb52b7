import Expressions
import Operations

extension APIResponse {
  /// The response with its problems, if there are any, as a dialect writes them (protocol.md §12).
  ///
  /// It is made of the vault's own form: `errors` with lists of reasons, or `message`.
  func written(in form: Dialect.ProblemForm) -> APIResponse {
    guard form != .errors, status >= 400, let body = try? JSON.parse(body).fields else {
      return self
    }
    var answer = self
    switch form.written(ProblemText(body)) {
    case .json(let value): answer.body = Array(JSON.text(value).utf8)
    case .text(let text):
      answer.headers.removeAll { $0.name == "Content-Type" }
      answer.headers.append(HTTPField("Content-Type", "text/plain; charset=utf-8"))
      answer.body = Array(text.utf8)
    }
    return answer
  }
}

/// Why a request was refused: field by field, or in one sentence.
private struct ProblemText {
  var fields: [(name: String, reason: String)] = []
  var message: String?

  init(_ body: ValueMap) {
    message = body["message"]?.text
    for name in body["errors"]?.fields?.names ?? [] {
      guard case .list(let reasons)? = body["errors"]?[field: name] else { continue }
      fields += reasons.map { (name, $0.text ?? "") }
    }
  }

  /// One sentence for each field, or the message.
  var sentences: [String] {
    fields.isEmpty ? [message ?? ""] : fields.map { "\($0.name): \($0.reason)" }
  }
}

extension Dialect.ProblemForm {
  fileprivate enum Written {
    case json(Value)
    case text(String)
  }

  fileprivate func written(_ problems: ProblemText) -> Written {
    let joined = problems.sentences.joined(separator: "; ")
    switch self {
    case .errors, .texts:
      guard problems.message == nil else { return .json(["message": .string(joined)]) }
      var errors = ValueMap()
      for (name, reason) in problems.fields { errors[name] = .string(reason) }
      return .json(["errors": .map(errors)])
    case .list:
      guard problems.message == nil else { return .json(["error": .string(joined)]) }
      return .json(["errors": .list(problems.records(naming: "field"))])
    case .violations:
      guard problems.message == nil else { return .json(["detail": .string(joined)]) }
      return .json(["violations": .list(problems.records(naming: "propertyPath"))])
    case .sentences: return .json(.list(problems.sentences.map { .string($0) }))
    case .message: return .json(["message": .string(joined)])
    case .text: return .text(joined)
    }
  }
}

extension ProblemText {
  fileprivate func records(naming key: String) -> [Value] {
    fields.map { name, reason in
      var record: ValueMap = ["message": .string(reason)]
      record[key] = .string(name)
      return .map(record)
    }
  }
}
