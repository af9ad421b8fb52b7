import ArgumentParser
import Operations
import Playbooks
import Sandbox

/// How a sandbox behaves; docs/sandbox.md describes each option.
struct SandboxOptions: ParsableArguments {
  @Option(help: "Which of the contract's variants it speaks: default, official, observed or mixed.")
  var dialect = DialectPreset.own

  @Option(
    help: ArgumentHelp(
      "One variant by itself, whatever the dialect; repeatable. docs/sandbox.md lists them.",
      valueName: "name=choice"))
  var variant: [VariantChoice] = []

  @Option(
    help: ArgumentHelp(
      "How the simulated authenticators vote, in the order of their registration, going round: "
        + "yes, no, absent, late.", valueName: "list"))
  var voters = VoterList(voters: [.yes])

  @Option(
    help: ArgumentHelp(
      "Storage devices that are off to begin with: the first so many of a profile, or names.",
      valueName: "number|names"))
  var offlineDevices = OfflineDevices.first(0)

  @Option(
    help: ArgumentHelp(
      "How long a command takes, and a voter to think: 0, 20ms, 2s (at most 1h).",
      valueName: "duration"),
    transform: Self.duration)
  var delay = Duration.milliseconds(20)

  @Option(
    help: ArgumentHelp("How much later messages come than their cause.", valueName: "duration"),
    transform: Self.duration)
  var ackDelay = Duration.zero

  @Option(
    help: ArgumentHelp("How much later reads show an effect.", valueName: "duration"),
    transform: Self.duration)
  var readLag = Duration.zero

  @Option(
    help: "Seed of all random choices. Anyone who knows it can predict the sandbox's secrets.")
  var seed: UInt64?

  /// The configuration that the options describe.
  var configuration: SandboxConfiguration {
    var generator = SystemRandomNumberGenerator()
    var sandbox = SandboxConfiguration(seed: seed ?? generator.next())
    sandbox.vault.speak(dialect)
    for choice in variant { choice.apply(to: &sandbox.vault) }
    sandbox.vault.voters = voters.voters
    sandbox.vault.offlineDevices = offlineDevices
    sandbox.vault.delay = delay
    sandbox.vault.voterDelay = delay
    sandbox.vault.acknowledgementDelay = ackDelay
    sandbox.vault.readLag = readLag
    return sandbox
  }

  private static func duration(_ text: String) throws -> Duration {
    if text == "0" || text == "0ms" || text == "0s" { return .zero }
    guard let duration = DurationText.duration(text), duration <= .seconds(3600) else {
      throw ValidationError("`\(text)` is no duration; write it like 20ms or 2s, at most 1h")
    }
    return duration
  }
}

extension DialectPreset: ExpressibleByArgument {}

/// One choice of one variant, as it is typed.
struct VariantChoice: ExpressibleByArgument {
  private let variant: DialectVariant
  private let choice: String

  init?(argument: String) {
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard halves.count == 2,
      let variant = DialectVariant.all.first(where: { $0.name == halves[0] }),
      variant.choices.contains(halves[1])
    else { return nil }
    self.variant = variant
    choice = halves[1]
  }

  func apply(to vault: inout VaultConfiguration) {
    vault.fix(variant, choice)
  }
}

/// What the authenticators do, separated by commas.
struct VoterList: ExpressibleByArgument {
  let voters: [Voter]

  init(voters: [Voter]) {
    self.voters = voters
  }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    voters = names.compactMap { Voter(rawValue: String($0)) }
    guard voters.count == names.count else { return nil }
  }

  var defaultValueDescription: String { voters.map(\.rawValue).joined(separator: ",") }
}

extension OfflineDevices: ExpressibleByArgument {
  /// A number of devices, or their names separated by commas.
  package init?(argument: String) {
    if let count = Int(argument) {
      guard count >= 0 else { return nil }
      self = .first(count)
    } else {
      let names = argument.split(separator: ",").map(String.init)
      guard !names.isEmpty else { return nil }
      self = .named(Set(names))
    }
  }

  package var defaultValueDescription: String { "none" }
}
