import ArgumentParser
import Events
import Networking
import Planning
import Sandbox

/// A sandbox that a new run starts for itself; it ends with the process.
struct RunSandboxOptions: ParsableArguments {
  @Flag(help: "Start a sandbox in this process, on free ports of the loopback address.")
  var sandbox = false

  @Option(help: "The dialect of the sandbox.")
  var sandboxDialect: DialectPreset?

  @Option(
    help: ArgumentHelp(
      "How the authenticators of the sandbox vote, repeating: yes, no, absent, late.",
      valueName: "list"),
    transform: VoterList.read)
  var sandboxVoters: VoterList?

  @Option(
    help: ArgumentHelp(
      "Faults that the sandbox injects, such as light, or slow=5%:2s,drop=1%.", valueName: "spec"),
    transform: FaultSpec.read)
  var faults: FaultSpec?

  @Option(help: "The seed of all random choices of the sandbox, including its faults.")
  var sandboxSeed: UInt64?

  func validate() throws {
    let given = [
      ("--sandbox-dialect", sandboxDialect != nil), ("--sandbox-voters", sandboxVoters != nil),
      ("--sandbox-seed", sandboxSeed != nil), ("--faults", faults != nil),
    ].filter(\.1).map(\.0)
    guard sandbox || given.isEmpty else {
      throw ValidationError(
        "\(given.joined(separator: " and ")) cannot be given without --sandbox")
    }
  }

  /// `--sandbox` and an address contradict each other; in the environment an address may stay.
  func refuse(_ service: ServiceOptions) throws {
    guard sandbox, !service.given.isEmpty else { return }
    throw ValidationError(
      "--sandbox starts a service of its own, so \(service.given.joined(separator: " and ")) "
        + "cannot be given with it")
  }

  /// A run that is continued keeps its service; a sandbox in its place would know nothing of it.
  func refuseContinuation(of run: RunID, _ plan: Plan) throws {
    guard sandbox, plan.callsOperations else { return }
    throw CommandFailure(
      .invalid,
      "run \(run) calls another service, and a new sandbox knows nothing of what it did there",
      hint: "leave out --sandbox to continue it, or --resume to start a new run")
  }

  /// The sandbox for `plan`, or the service that `service` names where there is to be none.
  ///
  /// The sandbox has `profile` from the start.
  func target(
    for plan: Plan, else service: ServiceSettings, environment: [String: String],
    knowing profile: SandboxProfile? = nil
  ) throws -> ServiceTarget {
    guard sandbox, plan.callsOperations else {
      return try service.target(for: plan, environment: environment)
    }
    var configuration = configuration
    configuration.profile = profile
    return .sandbox(TransportOptions(), configuration)
  }

  /// Throws when a person may be asked for the inputs of `playbook`, which needs a service and none is named.
  func requireTarget(
    for playbook: PlannedPlaybook, else service: ServiceSettings, environment: [String: String]
  ) throws {
    guard TerminalPrompt.isPossible, !sandbox, playbook.callsOperations else { return }
    _ = try service.addresses(environment, startedWith: nil)
  }

  private var configuration: SandboxConfiguration {
    var generator = SystemRandomNumberGenerator()
    var configuration = SandboxConfiguration(seed: sandboxSeed ?? generator.next())
    // A run listens before it sends.
    configuration.messageHoldback = .zero
    if let sandboxDialect { configuration.vault.speak(sandboxDialect) }
    if let sandboxVoters { configuration.vault.voters = sandboxVoters.voters }
    if let faults { configuration.vault.faults = faults }
    return configuration
  }
}
