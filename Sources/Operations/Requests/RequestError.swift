package import Playbooks

/// Why a call cannot be put into a request; holds names and counts, never a secret.
package enum RequestError: Error, Sendable, Hashable {
  case missingField(String)
  /// Fields of which exactly one must be given.
  case needsOne(of: [String])
  /// A field that does nothing without another one.
  case needsOther(field: String, other: String)
  case unknownField(String)
  /// The value does not fit the field's schema.
  case objection(field: String, ValueObjection)
  /// A value that would make another path of the address.
  case unusableInPath(field: String)
  /// A credential with characters that would make other headers.
  case unusableInHeader
  /// The operation needs a session and there is none.
  case missingToken
  /// The value is, or holds, one that a plan cannot know: no request is made of it.
  case unknownValue(field: String)
  /// Lists or maps nested deeper than a request can express.
  case tooDeep(field: String)

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .missingField(let name): "the field `\(name)` is required and has no value"
    case .needsOne(let names):
      "exactly one of the fields \(names.map { "`\($0)`" }.joined(separator: ", ")) must be given"
    case .needsOther(let name, let other): "the field `\(name)` goes with `\(other)`"
    case .unknownField(let name): "the operation has no field `\(name)`"
    case .objection(let name, let objection): "the field `\(name)` \(objection.phrase)"
    case .unusableInPath(let name):
      "the field `\(name)` stands in the address and must not be empty, `.` or `..`"
    case .unusableInHeader: "a token or credential holds characters that no header may hold"
    case .missingToken: "the operation needs a session"
    case .unknownValue(let name): "the field `\(name)` is known only after apply"
    case .tooDeep(let name): "the field `\(name)` is nested too deep"
    }
  }
}
