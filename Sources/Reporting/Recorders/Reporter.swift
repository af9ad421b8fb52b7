package import Events
package import Operations

/// Guards a recorder that events and ticks reach from different tasks.
package actor Reporter {
  private var recorder: any RunRecorder

  /// A reporter for `recorder`, which nothing else may use from here on.
  package init(_ recorder: any RunRecorder) {
    self.recorder = recorder
  }

  /// Reports `events`, in order.
  package func record(_ events: [RunEvent]) {
    for event in events { recorder.record(event) }
  }

  /// Lets a live view show that time goes by.
  package func tick(at now: Moment) {
    recorder.tick(at: now)
  }
}
