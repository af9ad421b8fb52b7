import Cryptography
import Diagnostics
import Events
import Expressions
import FoundationEssentials
import Glibc
import Hosting
import Journaling
import Machine
import Networking
import Operations
import Planning
import Playbooks
import Running

/// What all measurements need: a checked playbook, journals, and a host's environment.
struct Workbench {
  let checked: CheckedPlaybook

  /// Checks the playbook at `path`; ends the process when it has mistakes.
  init(playbook path: String) throws {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader().load(path, texts: &texts)
      checked = try Planner(api: .embedded()).check(loaded)
    } catch {
      stop(DiagnosticRenderer(texts: texts).render(error.diagnostics))
    }
  }

  /// A machine for a run with these inputs.
  func machine(_ inputs: ValueMap) throws -> RunMachine {
    let plan = try checked.plan(inputs: inputs)
    var generator = SystemRandomNumberGenerator()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(), version: "benchmark")
    return RunMachine(plan: plan, start: start)
  }

  /// A journal of this process in the current folder.
  static func journal(_ name: String) throws -> SQLiteJournal {
    try SQLiteJournal.open(
      at: name,
      as: OwnerIdentity(process: getpid(), host: "here", since: Moment(nanoseconds: 0)))
  }

  /// The world of a host that records in `journal` and reaches its service by `transport`.
  static func environment(
    _ journal: any Journal, _ transport: any Transport, clock: BenchClock = BenchClock(),
    observe: @escaping @Sendable (RunID, [RunEvent]) async -> Void = { _, _ in }
  ) -> HostEnvironment {
    HostEnvironment(
      journal: journal,
      tools: RunTools(
        transport: transport,
        localActions: LocalActions(files: .live(), randomBytes: RandomBytes.system.draw),
        offload: BlockingThreads.perform, now: { clock.now }),
      observe: observe, now: { clock.now }, sleep: clock.sleep)
  }
}
