package import Events
import Operations

/// Writes every event of a rollout and of its runs as one line of JSON (`schemas/event.schema.json`).
///
/// The lines of a run have two more members: `rollout`, the id of the rollout, and `tenantName`.
package struct RolloutJSONRecorder: RolloutRecorder {
  private let rollout: RunID
  private let write: @Sendable (String) -> Void
  /// Of tenants whose runs are in progress, or may go on.
  private var names: [RunID: String] = [:]

  /// A recorder of `rollout` that gives each line, with its newline, to `write`.
  package init(rollout: RunID, write: @escaping @Sendable (String) -> Void) {
    self.rollout = rollout
    self.write = write
  }

  /// Does nothing: each line is printed once.
  package mutating func recall(_ event: RunEvent) {}

  /// Remembers the tenant's name.
  package mutating func recall(_ row: TenantRow) {
    if let run = row.run, !row.state.isSuccess { names[run] = row.name }
  }

  /// Writes the event as one line, whatever its type.
  package mutating func record(_ event: RunEvent, of run: RunID) {
    if case .runStarted(let start) = event.kind, let tenant = start.tenant {
      names[run] = tenant.name
    }
    let line = EncodedEvent(event, of: run).json
    if let name = names[run], case .object(var members) = line {
      let added: [EncodedJSON.Member] = [
        .init(name: "rollout", value: .text(rollout.text)),
        .init(name: "tenantName", value: .text(name)),
      ]
      members.insert(contentsOf: added, at: min(2, members.count))
      write(EncodedJSON.object(members).line + "\n")
    } else {
      write(line.line + "\n")
    }
    if case .runFinished(let result) = event.kind, TenantState(result).isSuccess {
      names[run] = nil
    }
  }

  /// Does nothing: there is no event.
  package mutating func leave(_ run: RunID, as state: TenantState) {}
}
