import ArgumentParser
import Diagnostics
import Events
import Files
import FoundationEssentials
import Journaling
import Logging
import Networking
import Reporting
import Serving

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Run rollouts by their schedules, as a daemon.",
    discussion: """
      All rollout files with a `schedule` are served: those that are named, and the *.yaml and *.yml files \
      of folders. They are read again when they change, and on SIGHUP; a file with an error is reported, and \
      its last valid version is served. Each due instant gets one verdict in the journal, and rollouts that a \
      predecessor left unfinished are continued. Of several daemons on one journal, one is active; the \
      others are on standby and take over.

      SIGTERM and Ctrl-C let tenants in progress finish; on a second signal, the daemon exits immediately.

        privirun serve rollouts/ --journal /var/lib/privirun/journal.sqlite
      """)

  @Argument(
    help: ArgumentHelp(
      "Rollout files, and folders with rollout files.", valueName: "path"),
    completion: .file(extensions: ["yaml", "yml"]))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "Where /healthz, /readyz and /metrics are served, or none; default: 127.0.0.1:8650.",
      valueName: "host:port"),
    transform: ServeCommand.address)
  var listen: ListenAddress = .at(.standard)

  @Option(
    help: ArgumentHelp(
      "How long tenants in progress may take to finish after SIGTERM, in seconds, 0 to 86400.",
      valueName: "seconds"))
  var drainTimeout = 60

  /// Endurance is measured with it: months of schedules pass in hours.
  @Option(
    help: ArgumentHelp(
      "How many times as fast as the machine's clock schedules go, 1 to 1000.",
      visibility: .hidden))
  var clockSpeed = 1

  @OptionGroup(title: "Environment") var environment: EnvironmentOptions
  @OptionGroup(title: "Environment") var confirmation: ConfirmationOptions
  @OptionGroup(title: "Service") var service: ServiceOptions
  @OptionGroup(title: "API description") var description: DescriptionOptions
  @OptionGroup(title: "Journal") var journal: JournalOptions
  @OptionGroup(title: "Telemetry") var tracing: TraceOptions
  @OptionGroup(title: "Log") var log: LogOptions

  func validate() throws {
    guard (0...86_400).contains(drainTimeout) else {
      throw ValidationError("--drain-timeout must be 0 to 86400")
    }
    guard (1...1000).contains(clockSpeed) else {
      throw ValidationError("--clock-speed must be 1 to 1000")
    }
  }

  func run() async throws {
    try ResourceLimit.prepareDescriptors()
    SharedHeap.use()
    let variables = ProcessInfo.processInfo.environment
    let paths = try paths.map(Self.path)
    var source = try RolloutSourceOptions.parse([])
    source.environment = environment
    source.service = service
    source.description = description
    source.journal = journal
    let choice = try environment.choice(variables)
    // What every rollout would refuse is refused now; the built-in description waits for the first one.
    if description.api != nil { _ = try description.load() }
    let settings = try journal.settings(choice)
    let options = DaemonOptions(
      source: source, confirmation: confirmation, tracesRequests: tracing.traceContext,
      journal: settings, environment: variables,
      secrets: KnownSecrets(variables))
    let clock = clockSpeed == 1 ? DaemonClock.live : .live(speed: clockSpeed)
    let log = log.logger(variables, clock, hiding: options.secrets)
    let daemon = Daemon(
      options: options, journal: try settings.writerForRunning(), log: log, clock: clock,
      statusAddress: listen.address, drainTimeout: .seconds(drainTimeout),
      connections: try options.service(choice).connections(variables), paths: paths)
    do {
      try await daemon.run()
    } catch let failure as DaemonFailure {
      throw Self.failure(failure)
    }
  }

  private static func address(_ text: String) throws -> ListenAddress {
    guard text != "none" else { return .none }
    do throws(StatusFailure) {
      return .at(try StatusAddress(text))
    } catch {
      throw ValidationError(error.message + (error.hint.map { ": \($0)" } ?? ""))
    }
  }

  /// The path from the root of a file or a folder that is there.
  private static func path(_ given: String) throws -> String {
    let path = CommandPath.absolute(try CommandPath.expand(given)).withoutDots
    do throws(FileError) {
      _ = try FileStatus(of: path)
    } catch {
      throw CommandFailure(
        .invalid, "`\(given)` cannot be served: \(error.cause)",
        hint: error.hint ?? "name rollout files, or folders with rollout files")
    }
    return path
  }

  private static func failure(_ failure: DaemonFailure) -> CommandFailure {
    switch failure {
    case .journal(let error):
      CommandFailure(
        .inDoubt, "nothing can be recorded any more: \(error)", hint: error.hint)
    case .unrecorded(let rollout, let error):
      CommandFailure(
        .inDoubt,
        "the rollout \(rollout?.text ?? "of a schedule") stopped because it could not be recorded: \(error)",
        hint: "the next `privirun serve` continues it" + (error.hint.map { "; \($0)" } ?? ""))
    }
  }
}

/// What `--listen` names.
enum ListenAddress {
  case at(StatusAddress)
  case none

  /// The address; nil for none.
  var address: StatusAddress? {
    switch self {
    case .at(let address): address
    case .none: nil
    }
  }
}

extension String {
  /// The path without single dots, double slashes and a slash at its end.
  ///
  /// So one file has one path; `..` stays, since it may follow a symbolic link.
  fileprivate var withoutDots: String {
    "/" + split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}
