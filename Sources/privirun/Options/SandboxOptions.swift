import ArgumentParser
import Diagnostics
import Operations
import Playbooks
import Sandbox

/// How a sandbox behaves; docs/sandbox.md describes each option.
struct SandboxOptions: ParsableArguments {
  @OptionGroup var service: SimulatedServiceOptions

  @Option(
    help: ArgumentHelp(
      "How long a command takes, and a voter to vote: 0, 20ms, 2s (at most 1h).",
      valueName: "duration"),
    transform: Self.duration)
  var delay = Duration.milliseconds(20)

  @Option(
    help: ArgumentHelp("Delay before acknowledgements are sent.", valueName: "duration"),
    transform: Self.duration)
  var ackDelay = Duration.zero

  @Option(
    help: ArgumentHelp("Delay before reads show an effect.", valueName: "duration"),
    transform: Self.duration)
  var readLag = Duration.zero

  @Option(
    help: ArgumentHelp(
      "Faults to inject, such as light, or slow=5%:2s,drop=1%; docs/sandbox.md lists them.",
      valueName: "spec"),
    transform: FaultSpec.read)
  var faults = FaultSpec()

  @Option(
    help: "Seed of all random choices. Anyone who knows it can predict the sandbox's secrets.")
  var seed: UInt64?

  /// The configuration that the options describe.
  var configuration: SandboxConfiguration {
    var generator = SystemRandomNumberGenerator()
    var sandbox = SandboxConfiguration(seed: seed ?? generator.next())
    sandbox.maximumConnections = ResourceLimit.connections
    sandbox.vault = service.vault
    sandbox.vault.delay = delay
    sandbox.vault.voterDelay = delay
    sandbox.vault.acknowledgementDelay = ackDelay
    sandbox.vault.readLag = readLag
    sandbox.vault.faults = faults
    return sandbox
  }

  private static func duration(_ text: String) throws -> Duration {
    if text == "0" || text == "0ms" || text == "0s" { return .zero }
    guard let duration = DurationText.duration(text), duration <= .seconds(3600) else {
      throw ValidationError("`\(text)` is not a duration; write it like 20ms or 2s, at most 1h")
    }
    return duration
  }
}

extension DialectPreset: ExpressibleByArgument {}

/// One choice of one variant, as it is typed.
struct VariantChoice {
  private let variant: DialectVariant
  private let choice: String

  /// Reads `NAME=CHOICE`; throws what is allowed instead.
  static func read(_ argument: String) throws -> VariantChoice {
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let name = halves.first ?? ""
    let names = DialectVariant.all.map(\.name)
    guard let variant = DialectVariant.all.first(where: { $0.name == name }) else {
      let all = "the variants are \(names.joined(separator: ", "))"
      throw ValidationError(
        "there is no variant `\(name)`; \(didYouMean(name, among: names) ?? all)")
    }
    let choices = variant.choices.map { "\(name)=\($0)" }.joined(separator: ", ")
    guard halves.count == 2, variant.choices.contains(halves[1]) else {
      let near = halves.count == 2 ? didYouMean(halves[1], among: variant.choices) : nil
      throw ValidationError(
        "`\(argument)` is not a choice of a variant; write one of \(choices)"
          + (near.map { " (\($0))" } ?? ""))
    }
    return VariantChoice(variant: variant, choice: halves[1])
  }

  func apply(to vault: inout VaultConfiguration) {
    vault.fix(variant, choice)
  }
}

/// What the authenticators do, separated by commas.
struct VoterList: CustomStringConvertible {
  let voters: [Voter]

  init(voters: [Voter]) {
    self.voters = voters
  }

  /// Reads the list; throws what is allowed instead.
  static func read(_ argument: String) throws -> VoterList {
    let allowed = Voter.allCases.map(\.rawValue)
    let voters = try argument.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let voter = Voter(rawValue: String(name)) else {
        let near = didYouMean(String(name), among: allowed).map { " (\($0))" } ?? ""
        throw ValidationError(
          "no authenticator votes `\(name)`; write a list of \(allowed.joined(separator: ", "))"
            + near)
      }
      return voter
    }
    return VoterList(voters: voters)
  }

  var description: String { voters.map(\.rawValue).joined(separator: ",") }
}

extension FaultSpec {
  /// Reads faults; throws everything that is wrong with them.
  static func read(_ argument: String) throws -> FaultSpec {
    do throws(FaultSpecError) {
      return try FaultSpec(parsing: argument)
    } catch {
      throw ValidationError(error.flaws.map(\.description).joined(separator: "\n  "))
    }
  }
}

extension OfflineDevices: CustomStringConvertible {
  /// Reads a number of devices, or their names separated by commas.
  static func read(_ argument: String) throws -> OfflineDevices {
    if let count = Int(argument), count >= 0 { return .first(count) }
    let names = argument.split(separator: ",").map(String.init)
    guard !names.isEmpty, Int(argument) == nil else {
      throw ValidationError(
        "`\(argument)` is not a number of devices; write 0 or more, or names like store-1,store-2")
    }
    return .named(Set(names))
  }

  /// The list as it is written on the command line.
  package var description: String {
    switch self {
    case .first(0): "none"
    case .first(let count): String(count)
    case .named(let names): names.sorted().joined(separator: ",")
    }
  }
}
