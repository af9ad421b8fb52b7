package import Operations
package import Sandbox

/// What happened in a simulation besides the events of the run.
package struct SimulationTrace: Sendable {
  /// One thing that happened.
  package enum Note: Sendable, Hashable {
    /// The process ended.
    case crash(Simulation.PerformedCrash)
    /// The process of an earlier run ended, and nobody continued it; this one begins on what it left.
    case abandonment(Simulation.PerformedCrash)
    /// The process of that number continues the run.
    case takeover(Int)
    /// A fault was injected.
    case fault(FaultSource.Injection, at: Moment)
  }

  /// A note, and how many events were recorded before it.
  package struct Entry: Sendable, Hashable {
    /// What happened.
    package let note: Note
    /// The events before it.
    package let eventCount: Int
  }

  /// In the order of what happened.
  package private(set) var entries: [Entry] = []

  /// The faults that were injected, and when.
  package var injections: [(injection: FaultSource.Injection, at: Moment)] {
    entries.compactMap { entry in
      if case .fault(let injection, let moment) = entry.note { (injection, moment) } else { nil }
    }
  }

  mutating func note(_ note: Note, after eventCount: Int) {
    entries.append(Entry(note: note, eventCount: eventCount))
  }

  mutating func note(_ injections: [FaultSource.Injection], after count: Int, at now: Moment) {
    for injection in injections { note(.fault(injection, at: now), after: count) }
  }
}
