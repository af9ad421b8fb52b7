package import Events

/// Writes one line of JSON per event, in the outside form (`schemas/event.schema.json`).
package struct JSONRecorder: RunRecorder {
  private let run: RunID
  private let write: @Sendable (String) -> Void

  package init(run: RunID, write: @escaping @Sendable (String) -> Void) {
    self.run = run
    self.write = write
  }

  package mutating func record(_ event: RunEvent) {
    write(EncodedEvent(event, of: run).line + "\n")
  }
}
