import Events
import Expressions
import Operations

/// The notification in a sentence without a full stop.
extension Notification {
  /// Such as ``rollout `stores` (staging) failed: 17 succeeded, 3 failed``.
  package var summary: String {
    let place = rollout.environment.map { " (\($0))" } ?? ""
    return "rollout `\(rollout.name)`\(place) \(predicate)"
  }

  private var predicate: String {
    switch topic {
    case .finished, .failed, .inDoubt: ended
    case .waiting:
      switch wait {
      case .approval(let stage)?: "waits for an approval after stage \(stage)"
      case .decisions(let tenants)?:
        "waits for decisions in the \(tenants == 1 ? "run of 1 tenant" : "runs of \(tenants) tenants")"
      case nil: "waits for a decision"
      }
    case .drift:
      drift.map { "found drift: \($0.sentence)" } ?? "found drift"
    case .missed:
      schedule.map(\.sentence) ?? "was not started"
    }
  }

  private var ended: String {
    let end =
      switch rollout.outcome {
      case .failed?: "failed"
      case .cancelled?: "was cancelled"
      case .inDoubt?: topic == .failed ? "failed" : "ended in doubt"
      case .succeeded?, .unchanged?, .skipped?, .tolerated?: "succeeded"
      case nil: "ended"
      }
    let counts = TenantState.allCases.compactMap { state in
      rollout.counts.flatMap { $0[state] > 0 ? "\($0[state]) \(state.phrase)" : nil }
    }
    return counts.isEmpty ? end : "\(end): \(counts.joined(separator: ", "))"
  }
}

extension TenantState {
  /// What follows a number of tenants.
  fileprivate var phrase: String {
    switch self {
    case .succeeded, .unchanged, .failed, .cancelled, .waiting, .running: rawValue
    case .inDoubt: "in doubt"
    case .notStarted: "not started"
    }
  }
}

extension NotifiedDrift {
  /// Such as `2 tenants differ from their last runs: 1 added, 3 changed`.
  fileprivate var sentence: String {
    let who =
      tenants == 1
      ? "1 tenant differs from its last run" : "\(tenants) tenants differ from their last runs"
    let kinds = [(added, "added"), (changed, "changed"), (removed, "removed")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return kinds.isEmpty ? who : "\(who): \(kinds.joined(separator: ", "))"
  }
}

extension NotifiedSchedule {
  /// Such as `failed to start at its due instant 2027-03-01T03:00:00Z: the tenants file is gone`.
  fileprivate var sentence: String {
    let instants =
      count == 1
      ? "its due instant \(due.shortText)"
      : "\(count) due instants from \(due.shortText) to \(through.shortText)"
    let end =
      switch verdict {
      case TickVerdict.missed.name: "missed \(instants): no daemon was active"
      case TickVerdict.skippedWindow.name:
        "skipped \(instants): it could not start within its window"
      case _: "failed to start at \(instants)"
      }
    return reason.map { "\(end): \($0)" } ?? end
  }
}

extension Moment {
  /// RFC 3339 in UTC, whole seconds.
  fileprivate var shortText: String { "\(calendarTime.text)Z" }
}
