package import Events
package import Operations

/// Guards a recorder that events and ticks reach from different tasks.
package actor Reporter {
  private var recorder: any RunRecorder
  /// What happened while somebody else has the terminal.
  private var heldBack: [RunEvent]?

  /// A reporter for `recorder`, which nothing else may use from here on.
  package init(_ recorder: any RunRecorder) {
    self.recorder = recorder
  }

  /// Reports `events`, in order.
  package func record(_ events: [RunEvent]) {
    guard heldBack == nil else {
      heldBack? += events
      return
    }
    for event in events { recorder.record(event) }
  }

  /// Leaves the terminal to a question; events are held back until `takeTerminal`.
  package func yieldTerminal() {
    guard heldBack == nil else { return }
    heldBack = []
    recorder.yieldTerminal()
  }

  /// Goes on with what happened meanwhile.
  package func takeTerminal() {
    let events = heldBack ?? []
    heldBack = nil
    record(events)
  }

  /// Takes over the events of a run that is continued: they were reported before.
  package func recall(_ events: [RunEvent]) {
    for event in events { recorder.recall(event) }
  }

  /// Lets a live view show that time goes by.
  package func tick(at now: Moment) {
    if heldBack == nil { recorder.tick(at: now) }
  }
}
