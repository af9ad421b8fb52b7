import Events
import Files
import FoundationEssentials
import Glibc
import Journaling
import Logging
import Networking
import Operations
import Reporting
import Rollouts
import Schedules
import ServiceLifecycle
import Serving
import TimeZones

/// Everything that `privirun serve` runs.
struct Daemon {
  let options: DaemonOptions
  let journal: SQLiteJournal
  let log: Logger
  let clock: DaemonClock
  /// Where the status is served; nil serves none.
  let statusAddress: StatusAddress?
  let drainTimeout: Duration
  /// Trust and proxies of what is sent besides requests to services.
  let connections: TransportOptions
  /// The paths of rollout files and folders, from the root.
  let paths: [String]

  /// Serves until a signal requests the end.
  func run() async throws {
    let metrics = ServiceMetrics(version: Version.text)
    let status = DaemonStatus(at: clock.now(), uptime: clock.uptime())
    let notifier = ServiceNotifier(options.environment, process: getpid())
    let reporter = DaemonReporter(
      log: log, metrics: metrics, status: status, notifier: notifier, clock: clock,
      journal: options.journal.named)
    let definitions = ServedDefinitions()
    let zones = SharedZones().database
    let inbox = SchedulerInbox()
    let reader = try options.journal.translated { () throws(JournalError) in
      try journal.separateReader()
    }
    let telemetry = TelemetryService(
      environment: options.environment, connections: connections, clock: clock, log: log)
    var rollouts = DaemonRollouts(
      options: options, journal: journal, reader: reader, definitions: definitions, log: log,
      descriptions: DescriptionCache(options.source.description))
    rollouts.telemetry = telemetry?.telemetry
    let surroundings = surroundings(
      rollouts, zones, observe: definitions.retiring(reporter.observer))
    let signals = DaemonSignals(uptime: clock.uptime, leave: leave)
    let loading = ServedLoading(rollouts: rollouts, inbox: inbox, reporter: reporter)
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
    func add(_ service: any Service) { services.append(.init(service: service)) }
    // What stands first is shut down last.
    add(
      WatchdogService(
        notifier, isHealthy: { clock.uptime() - status.facts.turnedAt < .seconds(30) },
        sleep: clock.sleep))
    add(MemoryService(sleep: clock.sleep))
    if let statusAddress {
      let pages = StatusPages(
        status, metrics, now: clock.now, uptime: clock.uptime, process: ProcessUsage.current)
      add(try await server(statusAddress, pages))
    }
    if let telemetry { add(telemetry) }
    add(
      NoticeService(
        journal: journal, connections: connections, environment: options.environment, clock: clock,
        reporter: reporter, secrets: options.secrets))
    add(
      LeaseKeeper(of: journal, clock: clock, resignation: surroundings.resignation) {
        inbox.put($0)
      })
    add(
      FileWatch(
        ServedFiles(paths, environment: .live(zones)), clock: clock, requests: signals.looks,
        report: loading.take))
    add(SchedulerService(surroundings, inbox: inbox))
    services.append(
      .init(
        service: SignalService(requests: signals.ends),
        successTerminationBehavior: .gracefullyShutdownGroup))
    var quiet = log
    quiet.logLevel = .error
    try await ServiceGroup(configuration: .init(services: services, logger: quiet)).run()
    withExtendedLifetime(signals) {}
    log.notice("stopped")
  }

  private func surroundings(
    _ rollouts: DaemonRollouts, _ zones: TimeZoneDatabase, observe: DaemonObserver
  ) -> SchedulerSurroundings {
    var surroundings = SchedulerSurroundings(
      ledger: journal, runner: rollouts.runner, clock: clock,
      identity: OwnerIdentity.current(since: clock.now()),
      reading: { Schedule(text: $0, zones: zones) }, observe: observe)
    surroundings.drainTimeout = drainTimeout
    surroundings.notices = { [ticks = rollouts.ticks] in ticks.notices(of: $0) }
    surroundings.doubts = { [ticks = rollouts.ticks] in
      ticks.notices(ofDoubtAbout: $1, of: $0, at: $2)
    }
    return surroundings
  }

  private func server(_ address: StatusAddress, _ pages: StatusPages) async throws -> StatusServer {
    do throws(StatusFailure) {
      let server = try await StatusServer.bind(address, pages)
      log.info("listening", metadata: ["address": "http://\(server.address)"])
      return server
    } catch {
      throw CommandFailure(.invalid, error.message, hint: error.hint)
    }
  }

  /// Exits immediately: what is recorded is on the disk, and the next process continues what is not
  /// over.
  @Sendable private func leave() {
    log.warning("exited immediately")
    for stream in StandardStream.allCases { stream.flush(within: .milliseconds(500)) }
    _exit(ExitStatus.succeeded.rawValue)
  }
}

/// Hands the rollout files that were read on to whoever needs them.
struct ServedLoading: Sendable {
  let rollouts: DaemonRollouts
  let inbox: SchedulerInbox
  let reporter: DaemonReporter

  private var definitions: ServedDefinitions { rollouts.definitions }

  func take(_ event: FileWatch.Event) async {
    switch event {
    case .reloading: reporter.reloading()
    case .looked(let scan, let patience): await take(scan, patience)
    case .reloaded: reporter.reloaded()
    }
  }

  private func take(_ scan: ServedScan, _ patience: ScanPatience) async {
    await learn(scan, patience)
    reporter.report(scan)
    guard scan.hasChanged || patience == .immediate else { return }
    definitions.set(scan.served)
    inbox.put(ServedSchedules(scan))
    await reportObjections(scan.served)
  }

  /// Nothing of what is logged about the files repeats a secret that they name.
  ///
  /// Files that did not change are searched again only when a person asks for all to be read.
  private func learn(_ scan: ServedScan, _ patience: ScanPatience) async {
    let served = scan.hasChanged || patience == .immediate ? scan.served : []
    let changed = served.filter { rollout in
      patience == .immediate || definitions.definition(of: rollout.name) != rollout.definition
    }
    guard !changed.isEmpty || !scan.reported.isEmpty else { return }
    try? await BlockingThreads.result { [secrets = rollouts.options.secrets] in
      for rollout in changed { secrets.add(namedIn: rollout.definition) }
      for problem in scan.reported { secrets.add(namedInFile: problem.path) }
    }
  }

  /// Logs now what every rollout of a file would log when it is due.
  private func reportObjections(_ served: [ServedRollout]) async {
    let objections = try? await BlockingThreads.result { [rollouts] in
      StartObjections(rollouts: rollouts).find(in: served)
    }
    for objection in objections ?? [] {
      let (rollout, refusal) = (objection.rollout, objection.refusal)
      var fields: Logger.Metadata = [
        "schedule": "\(rollout.name)", "file": "\(rollout.path)", "reason": "\(refusal.reason)",
      ]
      if let hint = refusal.hint { fields["hint"] = "\(hint)" }
      rollouts.log.error("no rollout of the file can be started", metadata: fields)
    }
  }
}

extension ServedEnvironment {
  /// Reads rollout files, whose local times are in one of `zones`.
  static func live(_ zones: TimeZoneDatabase) -> ServedEnvironment {
    ServedEnvironment { bytes, path in
      try RolloutFile.read(bytes, file: path, zones: zones)
    }
  }
}

extension DaemonClock {
  /// The clocks of this machine.
  static var live: DaemonClock {
    let start = SuspendingClock.now
    return DaemonClock(
      now: { .ofClock }, uptime: { start.duration(to: .now) },
      sleep: { try await Task.sleep(for: $0) })
  }

  /// Clocks that start with those of this machine and go `speed` times as fast; they see no jumps.
  static func live(speed: Int) -> DaemonClock {
    let (start, begin) = (SuspendingClock.now, Moment.ofClock)
    let uptime = { @Sendable in start.duration(to: .now) * speed }
    return DaemonClock(
      now: { begin + uptime() }, uptime: uptime,
      sleep: { try await Task.sleep(for: $0 / speed) })
  }
}

extension Moment {
  /// What the machine's clock shows, kept within what events can hold.
  fileprivate static var ofClock: Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let (scaled, isOver) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return Moment(nanoseconds: isOver ? .max / 2 : scaled + Int64(time.tv_nsec))
  }
}
