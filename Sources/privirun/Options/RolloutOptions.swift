import ArgumentParser
import Diagnostics
import Expressions
import Playbooks
import Rollouts
import Tenants

/// What the command line changes of a rollout.
struct RolloutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only tenants whose name matches; may be repeated; * stands for anything. Replaces `only` of the "
        + "rollout file.", valueName: "glob"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "No tenants whose name matches; may be repeated, and adds to `exclude` of the rollout file.",
      valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp("How many tenants are in progress at once, 1 to 10000.", valueName: "number")
  )
  var concurrency: Int?

  @Option(
    help: ArgumentHelp(
      "The number of failed tenants, or the percentage such as 5%, at which no further tenant starts.",
      valueName: "number"),
    transform: RolloutOptions.amount)
  var maxFailures: TenantAmount?

  @Option(help: ArgumentHelp("The most requests per second, 0.1 to 10000.", valueName: "number"))
  var pace: Double?

  @Flag(help: "Accept secrets that the tenants file holds in plain text.")
  var allowLiteralSecrets = false

  func validate() throws {
    if let concurrency, !(1...10_000).contains(concurrency) {
      throw ValidationError("--concurrency must be 1 to 10000")
    }
    if let pace, !(0.1...10_000).contains(pace) {
      throw ValidationError("--pace must be 0.1 to 10000")
    }
    if case .count(let count)? = maxFailures, count < 1 {
      throw ValidationError("--max-failures must be at least 1")
    }
  }

  /// The names of the options that are given, as they are typed.
  var given: [String] {
    [
      ("--only", !only.isEmpty), ("--exclude", !exclude.isEmpty),
      ("--concurrency", concurrency != nil), ("--max-failures", maxFailures != nil),
      ("--pace", pace != nil), ("--allow-literal-secrets", allowLiteralSecrets),
    ].filter(\.1).map(\.0)
  }

  /// `definition` with what the options say.
  func applied(to definition: RolloutDefinition) -> RolloutDefinition {
    var definition = definition
    if let concurrency { definition.bounds.concurrency = concurrency }
    if let maxFailures { definition.bounds.maxFailures = maxFailures }
    if let pace { definition.bounds.pace = pace }
    if !only.isEmpty { definition.selection.only = Self.names(only, of: "--only") }
    return definition
  }

  /// The tenants that `--exclude` leaves.
  var exclusion: TenantSelection {
    TenantSelection(exclude: exclude.isEmpty ? nil : Self.names(exclude, of: "--exclude"))
  }

  private static func names(_ globs: [String], of option: String) -> TenantPattern {
    TenantPattern(
      names: globs.map { text in
        Located(Glob(text), at: SourceLocation(file: option, line: 1, column: 1))
      })
  }

  private static func amount(_ text: String) throws -> TenantAmount {
    if let percent = TenantAmount.Percent(text) { return .percent(percent) }
    guard let count = Int(text) else {
      throw ValidationError("`\(text)` is neither a number nor a percentage such as 5%")
    }
    return .count(count)
  }
}

/// The inputs and the service of a rollout, as every command takes them that makes one.
struct RolloutSourceOptions: ParsableArguments {
  @OptionGroup(title: "Rollout") var rollout: RolloutOptions
  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Inputs") var inputs: InputOptions
  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "Sandbox") var sandbox: RunSandboxOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions

  func validate() throws { try sandbox.refuse(service) }
}
