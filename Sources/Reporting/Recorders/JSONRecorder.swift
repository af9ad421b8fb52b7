package import Events

/// Writes one line of JSON per event, in the outside form (`schemas/event.schema.json`).
package struct JSONRecorder: RunRecorder {
  private let run: RunID
  private let write: @Sendable (String) -> Void

  /// A recorder of the events of `run` that gives each line, with its newline, to `write`.
  package init(run: RunID, write: @escaping @Sendable (String) -> Void) {
    self.run = run
    self.write = write
  }

  /// Does nothing: each line is printed once.
  package mutating func recall(_ event: RunEvent) {}

  /// Writes the event as one line, whatever its type.
  package mutating func record(_ event: RunEvent) {
    write(EncodedEvent(event, of: run).line + "\n")
  }
}
