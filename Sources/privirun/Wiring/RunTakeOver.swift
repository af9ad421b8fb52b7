import Events
import Glibc
import Journaling
import Operations
import Reporting

/// Becomes the owner of a run, from a process that is dead, or by ending one that lives.
struct RunTakeOver {
  let journal: SQLiteJournal
  /// Whether the process that drives the run may be ended.
  let isAllowed: Bool

  /// How long a process may take to be gone after it was killed.
  private static let patience = Duration.seconds(10)

  /// The ownership of `run`; throws with status 75 while another process drives it.
  func claim(_ run: RunID) async throws -> RunClaim {
    do {
      return try await journal.claim(run)
    } catch .owned(_, let owner) {
      guard isAllowed, let owner else { throw refusal(run, owner) }
      try end(owner, of: run)
      return try await claimSoon(run)
    } catch {
      throw CommandFailure(.invalid, error.description, hint: error.hint)
    }
  }

  private func claimSoon(_ run: RunID) async throws -> RunClaim {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        return try await journal.claim(run)
      } catch .owned(_, let owner) {
        guard ContinuousClock.now < deadline else { throw refusal(run, owner) }
        try await Task.sleep(for: .milliseconds(20))
      } catch {
        throw CommandFailure(.invalid, error.description, hint: error.hint)
      }
    }
  }

  /// Kills the process: it may be stopped, or hang, and what it recorded is durable.
  private func end(_ owner: JournalOwner, of run: RunID) throws {
    let here = OwnerIdentity.current(since: owner.identity.since)
    guard owner.identity.host == here.host else {
      throw CommandFailure(
        .owned, "run \(run) is driven by \(owner.identity), which is another machine",
        hint: "end that process there")
    }
    // The journal's word alone ends no process: it must have the journal open.
    let process = owner.identity.process
    guard process > 1, process != getpid(), journal.isOpen(in: process) else {
      throw CommandFailure(
        .owned,
        "\(owner.identity) drives run \(run), but no such process has the journal open here",
        hint: "it may run in another container: end it there")
    }
    guard kill(process, SIGKILL) == 0 || errno == ESRCH else {
      throw CommandFailure(
        .owned, "\(owner.identity) drives run \(run) and cannot be ended",
        hint: "end it as its user, or as root")
    }
  }

  private func refusal(_ run: RunID, _ owner: JournalOwner?) -> CommandFailure {
    let error = JournalError.owned(run: run, by: owner)
    let since = owner.flatMap { owner in
      (try? WallClock().now()).map { ElapsedText.text($0 - owner.identity.since) }
    }
    return CommandFailure(
      .owned, error.description + (since.map { ", for \($0)" } ?? ""), hint: error.hint)
  }
}
