import Events
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// Requests that cannot be made, whatever the service would answer.
extension Operation {
  /// Why no request can be made of `arguments`, as far as they are known; nil where one may be.
  func impossibility(of arguments: ValueMap) -> WorkFailure? {
    let failure =
      secretInAddress(arguments)
      ?? objections(to: arguments).first.map { Failure(.invalid, $0.message, operation: id) }
    return failure.map(WorkFailure.impossible)
  }

  /// The failure of a call that would put a secret into a path or query by a field that is not meant to hold
  /// one; nil where none does.
  func secretInAddress(_ arguments: ValueMap) -> Failure? {
    let name = arguments.names.first { name in
      guard let field = fields[name], !field.isSensitive else { return false }
      switch field.place {
      case .path, .query: return arguments[name]?.holdsSecret ?? false
      case .body, .authorization, .local: return false
      }
    }
    return name.map { name in
      Failure(
        .invalid, "the field `\(name)` would put a secret into an address",
        hint: "addresses are kept in logs on the way; give a value that is not secret",
        operation: id)
    }
  }
}
