import Diagnostics
import OrderedCollections
import Playbooks

/// The units of a lifetime that a description can name.
private enum LifetimeUnit: String, CaseIterable {
  case seconds
  case minutes
  case hours
  case days

  var duration: Duration {
    switch self {
    case .seconds: .seconds(1)
    case .minutes: .seconds(60)
    case .hours: .seconds(3600)
    case .days: .seconds(86_400)
    }
  }
}

/// What an operation does at the service, and what follows from it.
extension DescriptionReader {
  static let consequenceKeys = ["effect", "quiet", "shows-in", "causes", "asks", "final", "lives"]

  /// The consequences of `operation`; what they name is checked by `checkConsequences`.
  mutating func readConsequences(
    _ extras: DescriptionNode?, of operation: Operation
  ) -> Operation.Consequences {
    let effect = readEffect(extras, of: operation)
    let consequences = Operation.Consequences(
      effect, showsIn: Set(texts(extras?["shows-in"])), causes: texts(extras?["causes"]),
      asks: readAsking(extras?["asks"], among: operation.fields), isFinal: flag(extras?["final"]),
      lives: readLives(extras?["lives"], among: operation.fields))
    if effect == .none, consequences.isFinal || !consequences.showsIn.isEmpty,
      let node = extras?["final"] ?? extras?["shows-in"]
    {
      report(
        .wrongValue, "an operation without an effect shows nowhere and ends nothing", at: node)
    }
    return consequences
  }

  private mutating func readEffect(
    _ extras: DescriptionNode?, of operation: Operation
  ) -> Operation.Effect {
    let effect: Operation.Effect? = choice(extras?["effect"])
    guard let quiet = extras?["quiet"], !flag(quiet, otherwise: true) else {
      return effect ?? operation.effect
    }
    if operation.repetition != .safe {
      report(.wrongValue, "`quiet` belongs to an operation with `repetition: safe`", at: quiet)
    }
    if effect == Operation.Effect.none {
      report(.wrongValue, "a read that is not quiet has an effect", at: quiet)
    }
    return effect ?? .change
  }

  private mutating func readAsking(
    _ node: DescriptionNode?, among fields: OrderedDictionary<String, Field>
  ) -> Operation.Asking? {
    guard let node else { return nil }
    check(node, keys: ["by", "except"])
    guard node.isMapping else { return nil }
    if node["by"] == nil { report(.missingKey, "a vote has a `by`", at: node) }
    let except = readField("except", of: node, among: fields)
    return readField("by", of: node, among: fields).map { Operation.Asking(by: $0, except: except) }
  }

  private mutating func readLives(
    _ node: DescriptionNode?, among fields: OrderedDictionary<String, Field>
  ) -> Operation.Lives? {
    guard let node else { return nil }
    check(node, keys: ["field", "unit", "default", "until"])
    guard node.isMapping else { return nil }
    for key in ["field", "unit", "until"] where node[key] == nil {
      report(.missingKey, "a lifetime has a `\(key)`", at: node)
    }
    let field = readField("field", of: node, among: fields)
    let unit: LifetimeUnit? = choice(node["unit"])
    let count = integer(node["default"])
    if let count, count < 1 {
      report(.wrongValue, "this must be at least 1", at: node["default"] ?? node)
    }
    guard let field, let unit else { return nil }
    return Operation.Lives(
      field: field, unit: unit.duration, default: count, until: texts(node["until"]))
  }

  /// Reports consequences that name a section, an event or an operation that is not there.
  mutating func checkConsequences(
    _ operations: OrderedDictionary<String, Operation>, events: [String]
  ) {
    let sections = OrderedSet(operations.values.map(\.sectionID))
    for operation in operations.values {
      guard let node = extras[operation.id] else { continue }
      checkNames(operation.showsIn.sorted(), of: "shows-in", at: node, among: sections)
      checkNames(operation.causes, of: "causes", at: node, among: OrderedSet(events))
      for id in operation.lives?.until ?? [] where operations[id] == nil {
        report(
          .unknownOperation, "`\(id)` is not described", at: node["lives"]?["until"] ?? node,
          hint: didYouMean(id, among: operations.keys))
      }
    }
  }
}
