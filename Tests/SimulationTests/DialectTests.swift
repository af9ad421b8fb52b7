import Sandbox
import Testing

private typealias Onboarding = OnboardingSimulationTests

struct DialectSimulationTests {
  /// Choices that take away what the playbook needs, so that no client can do without.
  private static let unusable: Set<String> = ["device-key=never"]

  @Test(arguments: DialectVariant.all.map { $0.name })
  func `every choice of a variant is understood`(_ name: String) throws {
    let variant = try #require(DialectVariant.all.first { $0.name == name })
    for choice in variant.choices where !Self.unusable.contains("\(name)=\(choice)") {
      var vault = VaultConfiguration()
      #expect(variant.choose(choice, in: &vault.dialect))
      Onboarding.check(try Onboarding.run(seed: 4, vault), "\(name)=\(choice)")
    }
  }

  @Test(arguments: DialectPreset.allCases)
  func `every dialect is understood, whatever the timing`(_ preset: DialectPreset) throws {
    for seed in 0..<25 as Range<UInt64> {
      var vault = VaultConfiguration()
      vault.speak(preset)
      vault.delay = [.zero, .milliseconds(20), .seconds(3)][Int(seed % 3)]
      Onboarding.check(try Onboarding.run(seed: seed, vault), "\(preset) seed \(seed)")
    }
  }
}
