import Expressions
import Operations
import OrderedCollections

extension APIResponse {
  /// The vault keeps no more.
  static let full = failure(503, "the sandbox is full")

  static func json(_ value: Value, status: Int = 200, headers: [HTTPField] = []) -> APIResponse {
    APIResponse(
      status: status, headers: [HTTPField("Content-Type", "application/json")] + headers,
      body: Array(JSON.text(value).utf8))
  }

  static func text(_ text: String, status: Int) -> APIResponse {
    APIResponse(
      status: status, headers: [HTTPField("Content-Type", "text/plain; charset=utf-8")],
      body: Array(text.utf8))
  }

  static func failure(_ status: Int, _ message: String) -> APIResponse {
    json(["message": .string(message)], status: status)
  }

  /// 422 with every field's reasons (protocol.md §12).
  static func invalid(_ problems: OrderedDictionary<String, [String]>) -> APIResponse {
    var errors = ValueMap()
    for (field, reasons) in problems { errors[field] = .list(reasons.map { .string($0) }) }
    return json(["errors": .map(errors)], status: 422)
  }

  static func invalid(_ field: String, _ reason: String) -> APIResponse {
    invalid([field: [reason]])
  }
}
