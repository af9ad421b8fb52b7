import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Absence that rests on a refusal: a read may also be refused for another reason, and then what is there
/// would be replaced.
extension EnsureStep {
  /// Whether a refusal that would say that there is no such thing is not believed yet.
  ///
  /// Of a profile that the run has made itself, nothing was there before.
  func mustProve(
    _ refusal: Failure, _ ensuring: Ensuring, _ id: NodeID, _ machine: RunMachine
  ) -> Bool {
    guard ensuring.purpose.isDeciding, ensurance.state == .present,
      lookup.evidence.absentWith != nil, let status = refusal.status,
      lookup.evidence.absentOn.contains(status), let path = machine.kernel.tree.nodes[id]?.path
    else { return false }
    let username = machine.kernel.tree.username(ofStepAt: path)
    return !(username.map { machine.kernel.state.newProfiles.contains($0) } ?? false)
  }

  /// Sends the read that is refused as well if there is no such thing.
  func prove(
    _ refusal: Failure, _ id: NodeID, _ ensuring: Ensuring, in machine: inout RunMachine
  ) {
    guard let (node, _) = machine.kernel.inProgress(id),
      let read = machine.kernel.certain(
        lookup.evidence.absentWith.flatMap { machine.kernel.plan.api.operations[$0] })
    else { return }
    var ensuring = ensuring
    ensuring.doubtedRefusal = refusal
    machine.works.setEnsuring(ensuring, of: id)
    do throws(WorkFailure) {
      let session = try machine.session(of: read, at: id, node)
      machine.calls.begin(id, read, [:], in: session, recording: .nothing, &machine.kernel)
      machine.calls.proceed(id, &machine.sessions, &machine.kernel)
    } catch {
      fail(id, error, in: &machine)
    }
  }

  /// The other read was refused, or could not be made.
  func proofFailed(
    _ id: NodeID, _ ensuring: Ensuring, _ problem: WorkFailure, in machine: inout RunMachine
  ) {
    guard let status = problem.failure.status, lookup.evidence.absentOn.contains(status) else {
      return fail(id, WorkFailure(problem.failure, effect: .none), in: &machine)
    }
    var ensuring = ensuring
    ensuring.doubtedRefusal = nil
    take(.absent, id, ensuring, in: &machine)
  }

  /// The other read was answered, so that the first was not refused because there is no such thing.
  func contradicted(_ refusal: Failure) -> Failure {
    Failure(
      .expectation,
      "`\(lookup.operation)` is refused (\(refusal.message)), and "
        + "`\(lookup.evidence.absentWith ?? "")` is not: what is there cannot be read",
      hint: "nothing was replaced: find out why the read is refused", status: refusal.status,
      operation: lookup.operation)
  }
}
