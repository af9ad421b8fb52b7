import ArgumentParser
import Sandbox

/// What a simulated service is like, whether it is reached over sockets or in virtual time;
/// docs/sandbox.md describes each option.
struct SimulatedServiceOptions: ParsableArguments {
  @Option(help: "The set of protocol variants that it uses.")
  var dialect = DialectPreset.own

  @Option(
    help: ArgumentHelp(
      "A single variant, in any dialect; may be repeated. docs/sandbox.md lists them.",
      valueName: "name=choice"),
    transform: VariantChoice.read)
  var variant: [VariantChoice] = []

  @Option(
    help: ArgumentHelp(
      "How the simulated authenticators vote, in the order of their registration, repeating: "
        + "yes, no, absent, late.", valueName: "list"),
    transform: VoterList.read)
  var voters = VoterList(voters: [.yes])

  @Option(
    help: ArgumentHelp(
      "Storage devices that are off initially: how many of each profile, or their names.",
      valueName: "number|names"),
    transform: OfflineDevices.read)
  var offlineDevices = OfflineDevices.first(0)

  /// The service that the options describe.
  var vault: VaultConfiguration {
    var vault = VaultConfiguration()
    vault.speak(dialect)
    for choice in variant { choice.apply(to: &vault) }
    vault.voters = voters.voters
    vault.offlineDevices = offlineDevices
    return vault
  }
}
