import Events
import Expressions
import Operations
import OrderedCollections

/// The profiles that the run itself has made, by login name: nothing of theirs was there before.
struct NewProfiles: Sendable, Hashable {
  /// The field that holds the login name, by the id of the operation that makes a profile.
  private let fields: [String: String]
  private var names: Set<String> = []

  init(of api: APIDescription) {
    fields = Dictionary(
      api.operations.values.compactMap { operation in
        guard operation.effect == .create, let lookup = operation.lookup,
          lookup.operation == api.roles.authenticate, let field = lookup.identity.keys.first
        else { return nil }
        return (operation.id, field)
      }, uniquingKeysWith: { first, _ in first })
  }

  func contains(_ name: String) -> Bool { names.contains(name) }

  /// Applies an event to what was known before it; `tree` does not know it yet either.
  mutating func apply(_ event: RunEvent, in tree: StepTree) {
    guard case .stepFinished(let path, let result) = event.kind, result.outcome == .succeeded,
      let intent = tree.id(of: path).flatMap({ tree.step($0) })?.progress.exchange?.intent,
      let field = fields[intent.operation], let name = intent.arguments[field]?.revealed.text
    else { return }
    names.insert(name)
  }
}
