import Events

/// How many steps of a plan have which sign.
package struct PlanCounts: Sendable, Hashable {
  private var counts: [PlanSign: Int] = [:]

  /// No step has a sign.
  package init() {}

  /// How many steps have `sign`.
  package subscript(sign: PlanSign) -> Int { counts[sign] ?? 0 }

  /// Whether no step has a sign.
  package var isEmpty: Bool { counts.isEmpty }

  /// How many steps have a sign.
  package var total: Int { counts.values.reduce(0, +) }

  /// Whether a run that follows the plan may change something.
  package var hasWork: Bool { counts.keys.contains(where: \.isWork) }

  /// Whether a person need not look at any of the steps.
  var isQuiet: Bool { counts.keys.allSatisfy(\.isQuiet) }

  /// Counts one more step.
  package mutating func add(_ sign: PlanSign) { add(sign, count: 1) }

  /// Counts `count` more steps.
  mutating func add(_ sign: PlanSign, count: Int) {
    if count > 0 { counts[sign, default: 0] += count }
  }

  /// Counts the steps of `other`, too.
  package mutating func add(_ other: PlanCounts) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// Counts the steps of `other` so many times.
  mutating func add(_ other: PlanCounts, times: Int) {
    for (sign, count) in other.counts { add(sign, count: count * times) }
  }

  /// Takes back one step that was counted.
  mutating func remove(_ sign: PlanSign) {
    guard let count = counts[sign] else { return }
    counts[sign] = count > 1 ? count - 1 : nil
  }
}

extension PlanCounts {
  /// Such as `3 to create, 1 to change, 0 to remove, 2 unknown, 38 unchanged`.
  ///
  /// The first three are always there, the others where there are any.
  package var text: String {
    let always: [PlanSign] = [.create, .change, .remove]
    return PlanSign.allCases.filter { always.contains($0) || self[$0] > 0 }.map(phrase)
      .joined(separator: ", ")
  }

  /// Such as `3 unchanged, 1 skipped`: only what there is.
  var shortText: String {
    PlanSign.allCases.filter { self[$0] > 0 }.map(phrase).joined(separator: ", ")
  }

  private func phrase(_ sign: PlanSign) -> String {
    switch sign {
    case .create: "\(self[sign]) to create"
    case .change: "\(self[sign]) to change"
    case .remove: "\(self[sign]) to remove"
    case .drift: StateChange.Kind.drift.pastPhrase(of: self[sign])
    case .conflict: StateChange.Kind.conflict.pastPhrase(of: self[sign])
    case .unknown: "\(self[sign]) unknown"
    case .unchanged: "\(self[sign]) unchanged"
    case .skipped: "\(self[sign]) skipped"
    case .failed: "\(self[sign]) failed"
    }
  }
}
