import ArgumentParser
import Diagnostics
import Environments

/// Which environment of `privirun.yaml` is used; docs/environments.md describes the file.
struct EnvironmentOptions: ParsableArguments {
  /// The variable of the process environment that names an environment.
  static let variable = "PRIVIRUN_ENVIRONMENT"

  @Option(
    help: ArgumentHelp(
      "Use the service, journal, inputs and labels of this environment of privirun.yaml "
        + "(PRIVIRUN_ENVIRONMENT); default: what the file names.", valueName: "name"),
    completion: .custom(ShellCompletion.environments))
  var environment: String?

  @Flag(help: "Use no environment, whatever privirun.yaml and PRIVIRUN_ENVIRONMENT name.")
  var noEnvironment = false

  func validate() throws {
    guard environment == nil || !noEnvironment else {
      throw ValidationError("--environment and --no-environment contradict each other")
    }
  }

  /// The names of the options that are given, as they are typed.
  var given: [String] {
    [("--environment", environment != nil), ("--no-environment", noEnvironment)]
      .filter(\.1).map(\.0)
  }

  /// The options that are given, for another command.
  var arguments: [String] {
    (environment.map { ["--environment", $0] } ?? []) + (noEnvironment ? ["--no-environment"] : [])
  }

  /// The environment that the options, the rollout file, the variable or the default of `privirun.yaml`
  /// name, in this order.
  ///
  /// Throws where two of the first three name different ones: whoever reads one of them expects its
  /// service.
  func choice(
    _ variables: [String: String], rolloutFile: String? = nil,
    report: ([Diagnostic], SourceTexts) -> Void = { StandardStream.report($0, quoting: $1) }
  ) throws -> EnvironmentChoice {
    if noEnvironment {
      try refuseContradiction(to: "--no-environment", rolloutFile)
      return EnvironmentChoice(isDeclined: true)
    }
    let named = try named(variables, rolloutFile)
    guard let file = try EnvironmentsFile.ofProject(variables, report: report) else {
      if let named { throw Self.missingFile(named) }
      return EnvironmentChoice()
    }
    let byDefault = file.defaultName.map { EnvironmentChoice.Named(name: $0, by: .byDefault) }
    guard let named = named ?? byDefault else { return EnvironmentChoice(file: file) }
    return EnvironmentChoice(file: file, selected: try file.selection(named))
  }

  private func named(
    _ variables: [String: String], _ rolloutFile: String?
  ) throws -> EnvironmentChoice.Named? {
    if let environment {
      try refuseContradiction(to: "--environment \(environment)", rolloutFile, besides: environment)
      return EnvironmentChoice.Named(name: environment, by: .option)
    }
    let variable = variables[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
    if let variable {
      try refuseContradiction(
        to: "\(Self.variable)=\(variable)", rolloutFile, besides: variable)
      return EnvironmentChoice.Named(name: variable, by: .variable)
    }
    return rolloutFile.map { EnvironmentChoice.Named(name: $0, by: .rolloutFile) }
  }

  private func refuseContradiction(
    to named: String, _ rolloutFile: String?, besides name: String? = nil
  ) throws {
    guard let rolloutFile, rolloutFile != name else { return }
    throw CommandFailure(
      .invalid,
      "the rollout file names the environment `\(rolloutFile)`, and `\(named)` another one",
      hint: "leave out one of them")
  }

  private static func missingFile(_ named: EnvironmentChoice.Named) -> CommandFailure {
    CommandFailure(
      .invalid,
      "\(named.phrase), and there is no \(EnvironmentsFile.name) in this folder or above it",
      hint: "go to the folder of the project, or name the service with --api-url or "
        + "PRIVICORE_API_URL; docs/environments.md describes the file")
  }
}
