import Events

/// The events of a run that still count: those of ends that a later reopening took back are left out.
///
/// The journal keeps every event. What is left out says how steps ended that are in progress again,
/// what their `rescue` and `always` did, and that their run was to stop.
struct CountedEvents {
  private(set) var events: [RunEvent] = []
  /// Groups of which another attempt begins after an end: what they need not do again is kept.
  private(set) var retried: Set<StepPath> = []

  init(_ events: some Sequence<RunEvent>) {
    for event in events {
      if case .runResumed(let resumption) = event.kind, let reopening = resumption.reopening {
        takeBack(reopening)
      }
      self.events.append(event)
    }
  }

  /// Leaves out what `reopening` takes back.
  mutating func takeBack(_ reopening: Reopening) {
    retried.formUnion(reopening.again)
    let ends = TakenBack(reopening, lastStarts: lastStarts)
    var number = 0
    events.removeAll { event in
      defer { number += 1 }
      return ends.contains(event, number: number)
    }
  }

  private var lastStarts: [StepPath: Int] {
    var starts: [StepPath: Int] = [:]
    for (number, event) in events.enumerated() {
      if case .stepStarted(let path, _) = event.kind { starts[path] = number }
    }
    return starts
  }
}

/// Which events a reopening takes back.
private struct TakenBack {
  /// A step that is in progress again.
  struct Reopened {
    /// The number of the event that it began with.
    let start: Int
    /// Whether its own work stays over, because something in its `rescue` or `always` goes on.
    var keepsWork = false
    /// Whether its `rescue` stays over, because something in its `always` goes on.
    var keepsRescue = false
    var keepsAlways = false
  }

  private var steps: [StepPath: Reopened] = [:]

  init(_ reopening: Reopening, lastStarts: [StepPath: Int]) {
    for path in reopening.again + reopening.continued {
      for end in path.components.indices {
        guard case .step = path.components[end] else { continue }
        let step = StepPath(components: Array(path.components[...end]))
        guard let start = lastStarts[step] else { continue }
        var reopened = steps[step] ?? Reopened(start: start)
        if end + 1 < path.components.endIndex {
          switch path.components[end + 1] {
          case .always:
            reopened.keepsWork = true
            reopened.keepsRescue = true
            reopened.keepsAlways = true
          case .rescue, .undo:
            reopened.keepsWork = true
            reopened.keepsRescue = true
          case .step, .iteration, .branch: break
          }
        }
        steps[step] = reopened
      }
    }
  }

  func contains(_ event: RunEvent, number: Int) -> Bool {
    switch event.kind {
    case .runFinished, .cancelRequested: return true
    case _: break
    }
    guard let path = event.kind.step else { return false }
    if let step = steps[path], number > step.start {
      switch event.kind {
      case .stepFinished, .stopping: return true
      case .workEnded: return !step.keepsWork
      case _: break
      }
    }
    return isAftermath(path, number: number)
  }

  /// Whether it belongs to a `rescue` or `always` that has not happened.
  private func isAftermath(_ path: StepPath, number: Int) -> Bool {
    path.components.indices.dropFirst().contains { index in
      let isKept: KeyPath<Reopened, Bool>
      switch path.components[index] {
      case .rescue: isKept = \.keepsRescue
      case .always: isKept = \.keepsAlways
      // What was undone stays so.
      case .step, .iteration, .branch, .undo: return false
      }
      let around = StepPath(components: Array(path.components[..<index]))
      guard let step = steps[around], number > step.start else { return false }
      return !step[keyPath: isKept]
    }
  }
}
