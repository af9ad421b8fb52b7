package import Events
package import Operations

/// A run that holds at least one event of every kind, with secrets planted wherever values are.
package enum SampleRun {
  // The text is a run id as `RunID` wants it; a generator of zeros stands in if it ever were not.
  package static let run = RunID("7k2m9q0d4x1z") ?? drawn(0)

  /// 2026-01-01T00:00:00Z.
  package static let beginning = Moment(nanoseconds: 1_767_225_600_000_000_000)

  /// The events, numbered from 0, each with its time.
  package static let events: [RunEvent] = kinds.enumerated().map { sequence, entry in
    RunEvent(
      sequence: sequence, at: beginning + .milliseconds(entry.milliseconds), kind: entry.kind)
  }

  /// Another run id for each number.
  package static func drawn(_ number: UInt64) -> RunID {
    var generator = Counter(state: number)
    return RunID(using: &generator)
  }

  private struct Counter: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }

  static let kinds: [(milliseconds: Int, kind: RunEvent.Kind)] =
    opening + profile + devices + data + vote + upload + ending
}
