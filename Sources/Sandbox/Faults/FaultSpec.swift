import Playbooks

/// Which faults a sandbox injects, how often, and how long they last.
///
/// `reset-before=2%,slow=5%:2s` resets the connections of 2 % of all requests and delays the answers
/// to 5 %. docs/sandbox.md lists the faults and the presets `none`, `light` and `heavy`.
package struct FaultSpec: Sendable, Hashable {
  /// How often a fault is injected.
  package struct Rule: Sendable, Hashable {
    /// The share of the occasions at which it is.
    package var share: FaultShare
    /// How long it lasts, 0 to 1 hour; nil for a fault without a duration.
    package var duration: Duration?

    /// A fault on this share of its occasions.
    package init(share: FaultShare, duration: Duration? = nil) {
      self.share = share
      self.duration = duration
    }
  }

  /// The longest duration of a fault.
  package static let maximumDuration = Duration.seconds(3600)

  /// The faults whose share is above zero.
  private var rules: [FaultKind: Rule] = [:]

  /// No faults at all.
  package init() {}

  /// The rule of a fault, nil when it is never injected; a share of 0 % removes it.
  package subscript(kind: FaultKind) -> Rule? {
    get { rules[kind] }
    set { rules[kind] = newValue.flatMap { $0.share.millionths > 0 ? $0 : nil } }
  }

  /// Whether nothing is ever injected.
  package var isEmpty: Bool { rules.isEmpty }

  /// Whether any of the faults is ever injected.
  func includes(anyOf kinds: [FaultKind]) -> Bool {
    !rules.isEmpty && kinds.contains { rules[$0] != nil }
  }
}

extension FaultSpec: CustomStringConvertible {
  /// The entries as they are read, in the order of `FaultKind`, with every duration; or `none`.
  package var description: String {
    let entries = FaultKind.allCases.compactMap { kind in
      self[kind].map { rule in
        let duration = rule.duration.map { ":\(DurationText.text($0))" } ?? ""
        return "\(kind.rawValue)=\(rule.share)\(duration)"
      }
    }
    return entries.isEmpty ? "none" : entries.joined(separator: ",")
  }
}
