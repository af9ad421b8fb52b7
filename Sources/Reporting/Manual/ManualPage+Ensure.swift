import Operations
import OrderedCollections
import Playbooks

extension ManualPage {
  /// What `ensure` does for the operation, a row each; empty where it cannot be ensured.
  var ensuring: [(String, String)] {
    guard let lookup = entry.lookup, !entry.ensures.isEmpty else { return [] }
    var rows = entry.ensures.map { ($0.rawValue, phrase(of: $0, lookup)) }
    if let compared = lookup.comparison.phrase { rows.append(("compared", compared)) }
    if entry.ensures.contains(.present), lookup.comparison.comparesAnything {
      rows.append(("corrected", correction(of: lookup)))
    }
    if !lookup.isUnique || lookup.evidence.newest != nil {
      let newest = lookup.evidence.newest.map { "the latest \($0)" } ?? "the last of the list"
      rows.append(("match", "there may be several; newest is the one with \(newest)"))
    }
    if !lookup.evidence.gives.isEmpty {
      let names = lookup.evidence.gives.keys.joined(separator: ", ")
      rows.append(("gives", "\(names), as the read shows them"))
    }
    return rows
  }

  private func phrase(of state: Ensurance.State, _ lookup: Lookup) -> String {
    switch (state, lookup.expects) {
    case (.absent, .absent): return "sent only when the read still finds it"
    case (.absent, .present):
      let removal = lookup.remedies.removal.map(\.operation).joined(separator: ", then ")
      return "when the read finds it, removed by \(removal)"
    case (.present, _):
      return lookup.identity.isEmpty && !lookup.remedies.mustFail
        ? "sent only when the read shows something else"
        : "sent only when the read does not find it"
    }
  }

  private func correction(of lookup: Lookup) -> String {
    switch lookup.remedies.correction {
    case .itself: return "by sending it"
    case .other(let remedy): return "by \(remedy.operation)"
    case nil:
      let choices = lookup.possibleDrifts.map(\.rawValue).joined(separator: ", ")
      return lookup.remedies.mustFail
        ? "never: what differs fails the step" : "by nothing: on-drift decides (\(choices))"
    }
  }
}

extension Lookup.Comparison {
  fileprivate var comparesAnything: Bool { !fields.isEmpty || !holds.isEmpty }

  /// What is compared, where it is shown.
  fileprivate var phrase: String? {
    guard comparesAnything else { return nil }
    let compared = fields.keys.map { name in
      var notes: [String] = []
      if unordered.contains(name) { notes.append("in any order") }
      if ignoringCase.contains(name) { notes.append("in either case") }
      if references.contains(name) { notes.append("as an id") }
      return notes.isEmpty ? name : "\(name) (\(notes.joined(separator: ", ")))"
    }
    let held = holds.map { "\($0.key) is \($0.value.joined(separator: " or "))" }
    return (compared + held).joined(separator: ", ")
  }
}
