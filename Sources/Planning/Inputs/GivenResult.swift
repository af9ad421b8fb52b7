package import Diagnostics
package import Expressions
package import Operations
import OrderedCollections
import Playbooks

extension Operation {
  /// The result fields of a finished call as a person gives them: of the documented names and types,
  /// secret ones hidden.
  ///
  /// Throws everything that is wrong with them. A field that is missing, or null, is left to whoever
  /// needs it.
  package func givenResult(_ fields: ValueMap) throws(InvalidInput) -> ValueMap {
    var result = ValueMap()
    var diagnostics: [Diagnostic] = []
    for name in fields.names {
      let value = fields[name] ?? .null
      guard let field = answer[name] else {
        diagnostics.append(
          Diagnostic(
            .unknownField, "`\(id)` has no result field `\(name)`", at: nil,
            hint: didYouMean(name, among: Array(answer.keys))))
        continue
      }
      // What is secret is quoted in no message.
      let shown = field.isSensitive ? value.hidden : value
      guard value != .null else {
        result[name] = .null
        continue
      }
      diagnostics += field.schema.diagnostics(
        in: shown, at: nil, for: Subject("the result field", name))
      result[name] = field.type.value(from: shown, .computed) ?? shown
    }
    guard diagnostics.isEmpty else { throw InvalidInput(diagnostics) }
    return result
  }
}
