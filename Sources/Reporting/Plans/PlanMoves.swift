package import Events
import Expressions
import Operations

/// In which steps a plan is another one than an earlier plan of the same playbook.
package struct PlanMoves: Sendable, Hashable {
  /// One line for each step that differs, in the order of the earlier plan; without a full stop.
  package let lines: [String]

  /// What differs between the plans that recorded these events.
  package init(from earlier: some Sequence<RunEvent>, to later: some Sequence<RunEvent>) {
    let scrubber = SecretScrubber(earlier.secrets + later.secrets)
    let (before, now) = (Self.steps(of: earlier), Self.steps(of: later))
    let (was, nowIs) = (
      Dictionary(before, uniquingKeysWith: { $1 }), Dictionary(now, uniquingKeysWith: { $1 })
    )
    let paths = before.map(\.0) + now.map(\.0).filter { was[$0] == nil }
    lines = paths.compactMap { path in
      let (left, right) = (was[path], nowIs[path])
      guard left != right else { return nil }
      if let left, let right, left.change == right.change, left.isSkipped == right.isSkipped {
        return "`\(path)` would be given another \(Self.differing(left.asked, right.asked))"
      }
      return scrubber.scrub(Self.text(path, left, right))
    }
  }

  private static func steps(of events: some Sequence<RunEvent>) -> [(StepPath, StepForecast)] {
    events.compactMap { event in
      guard case .stepFinished(let path, let result) = event.kind else { return nil }
      let isSkipped = result.outcome == .skipped
      guard isSkipped || result.change != nil else { return nil }
      return (
        path,
        StepForecast(
          change: result.change?.comparable, isSkipped: isSkipped,
          asked: result.change?.kind == .unchanged ? nil : result.asked)
      )
    }
  }

  /// The names of what the call is given that differs.
  private static func differing(_ left: ValueMap?, _ right: ValueMap?) -> String {
    let (left, right) = (left ?? [:], right ?? [:])
    return Set(left.names).union(right.names).sorted()
      .filter { left[$0]?.revealed != right[$0]?.revealed }
      .map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Such as `` `a` was to be created, and is unchanged now``.
  private static func text(
    _ path: StepPath, _ left: StepForecast?, _ right: StepForecast?
  ) -> String {
    let (before, now) = (phrase(left), phrase(right))
    // Only secrets differ, or values beyond what is shown of them.
    guard before != now else { return "`\(path)` is \(now), with other values than planned" }
    return "`\(path)` was \(before), and is \(now) now"
  }

  private static func phrase(_ step: StepForecast?) -> String {
    guard let step else { return "not planned" }
    guard !step.isSkipped, let change = step.change else { return "to be skipped" }
    let fields = change.fieldsText
    return fields.isEmpty
      ? change.kind.foreseenPhrase : "\(change.kind.foreseenPhrase) (\(fields))"
  }
}

/// What a plan says of one step.
private struct StepForecast: Hashable {
  var change: StateChange?
  var isSkipped: Bool
  /// What the call would be given that changes something.
  var asked: ValueMap?
}

extension StateChange {
  /// The change with nothing marked as secret, and without its reason.
  fileprivate var comparable: StateChange {
    StateChange(kind, differences: differences)
  }
}
