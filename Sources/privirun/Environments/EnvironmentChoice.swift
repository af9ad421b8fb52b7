import Diagnostics
import Environments
import Networking

/// Which environment a command uses, if any.
struct EnvironmentChoice {
  /// The `privirun.yaml` of the project; nil where there is none, or it was not read.
  var file: EnvironmentsFile?
  /// The environment that is used.
  var selected: SelectedEnvironment?
  /// Whether `--no-environment` is given.
  var isDeclined = false

  /// A name, and who gives it.
  struct Named {
    let name: String
    let by: Source
  }

  /// Who names the environment.
  enum Source {
    case option
    case variable
    case rolloutFile
    case byDefault
    /// The record of the run that is continued.
    case record
  }

  /// The options with which another command makes the same choice; empty where it does without.
  var arguments: [String] {
    if isDeclined { return ["--no-environment"] }
    guard let selected else { return [] }
    switch selected.source {
    case .option, .variable, .rolloutFile: return ["--environment", selected.environment.name]
    case .byDefault, .record: return []
    }
  }
}

extension EnvironmentChoice.Named {
  /// Such as ``` `--environment staging` names an environment```.
  var phrase: String {
    switch by {
    case .option: "`--environment \(name)` names an environment"
    case .variable: "`\(EnvironmentOptions.variable)=\(name)` names an environment"
    case .rolloutFile: "the rollout file names the environment `\(name)`"
    case .byDefault: "the default is the environment `\(name)`"
    case .record: "the run was started in the environment `\(name)`"
    }
  }
}

/// The environment that a command uses.
struct SelectedEnvironment {
  let environment: NamedEnvironment
  /// The path of the file that it is from.
  let file: String
  let source: EnvironmentChoice.Source
  /// Its service.
  let addresses: ServiceAddresses

  /// Its name.
  var name: String { environment.name }

  /// Such as ``the environment `staging` (PRIVIRUN_ENVIRONMENT)``.
  var phrase: String {
    switch source {
    case .option, .record: "the environment `\(name)`"
    case .variable: "the environment `\(name)` (\(EnvironmentOptions.variable))"
    case .rolloutFile: "the environment `\(name)` of the rollout file"
    case .byDefault: "the environment `\(name)`, the default of \(file),"
    }
  }
}

extension EnvironmentsFile {
  /// The `privirun.yaml` of the project around the current folder; nil where there is none.
  ///
  /// Throws when all diagnostics are reported.
  static func ofProject(
    _ variables: [String: String],
    report: ([Diagnostic], SourceTexts) -> Void = { StandardStream.report($0, quoting: $1) }
  ) throws -> EnvironmentsFile? {
    let bytes: [UInt8]
    let path: String
    do throws(EnvironmentsSearch.Problem) {
      guard let found = try EnvironmentsSearch(home: variables["HOME"]).path() else { return nil }
      path = found
      bytes = try EnvironmentsFile.bytes(at: path)
    } catch {
      throw CommandFailure(error)
    }
    do throws(InvalidInput) {
      return try EnvironmentsFile(parsing: bytes, path: path, checking: flaw)
    } catch {
      var texts = SourceTexts()
      texts[path] = String(decoding: bytes, as: UTF8.self)
      report(error.diagnostics, texts)
      throw CommandEnding(status: .invalid)
    }
  }

  private static func flaw(of address: String, _ server: EnvironmentServer) -> AddressFlaw? {
    ServiceAddresses.flaw(in: address, as: server.role).map {
      AddressFlaw(message: $0.message, hint: $0.hint)
    }
  }

  /// The environment that `named` names, with its service.
  func selection(_ named: EnvironmentChoice.Named) throws -> SelectedEnvironment {
    let environment: NamedEnvironment
    do throws(UnknownEnvironment) {
      environment = try self.environment(named: named.name)
    } catch {
      let by = named.by == .variable ? " (\(EnvironmentOptions.variable))" : ""
      throw CommandFailure(.invalid, error.message + by, hint: error.hint)
    }
    return SelectedEnvironment(
      environment: environment, file: path, source: named.by,
      addresses: try ServiceAddresses(environment.addresses))
  }
}

extension EnvironmentServer {
  fileprivate var role: ServiceAddresses.Role {
    switch self {
    case .api: .api
    case .webSocket: .webSocket
    case .upstream: .upstream
    case .downstream: .downstream
    }
  }
}

extension ServiceAddresses {
  /// Those that an environment names, and those that follow from them.
  init(_ addresses: NamedEnvironment.Addresses) throws(InvalidInput) {
    try self.init(
      besides: addresses.api, webSocket: addresses.webSocket, upstream: addresses.upstream,
      downstream: addresses.downstream)
  }
}

extension CommandFailure {
  fileprivate init(_ problem: EnvironmentsSearch.Problem) {
    switch problem {
    case .foreign(let path):
      self.init(
        .invalid,
        "`\(path)` belongs to another user, so that the addresses in it are not used",
        hint: "if you trust it, make it your own file; `--no-environment` goes on without it")
    case .unreadable(let path, let reason):
      self.init(
        .invalid, "`\(path)` cannot be read: \(reason)",
        hint: "a file of this name holds the environments of a project; `--no-environment` goes on "
          + "without it")
    }
  }
}
