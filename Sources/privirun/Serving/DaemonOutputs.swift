import Events
import Journaling
import Logging
import Networking
import Serving

/// Writes the files of outputs of a daemon's rollouts.
struct DaemonOutputs: Sendable {
  /// Reads the journal while it commits.
  let reader: JournalReader
  let log: Logger
  let secrets: KnownSecrets

  /// Writes the outputs of `rollout` of the schedule `name` to the file that `find` returns, if it does; one that
  /// cannot be written changes nothing about the end of the rollout.
  func write(
    _ rollout: RunID, of name: String,
    to find: @Sendable () async throws -> RolloutOutputsFile?
  ) async {
    do {
      guard let file = try await find() else { return }
      try await BlockingThreads.result { [reader] in try file.write(rollout, in: reader) }
    } catch {
      let refusal = CollectedDiagnostics(hiding: secrets).refusal(error)
      var fields: Logger.Metadata = [
        "schedule": "\(name)", "rollout": "\(rollout.text)", "reason": "\(refusal.reason)",
      ]
      if let hint = refusal.hint { fields["hint"] = "\(hint)" }
      log.error("the outputs were not written", metadata: fields)
    }
  }
}
