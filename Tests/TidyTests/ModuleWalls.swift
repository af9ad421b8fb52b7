/// Which module may use which: the arrows of the design, and nothing against them.
enum ModuleWalls {
  /// The modules of this package that each one stands on; what those stand on is open to it too.
  static let arrows: [String: Set<String>] = [
    "Cryptography": [],
    "Diagnostics": [],
    "Files": [],
    "Randomness": [],
    "Expressions": ["Diagnostics"],
    "Playbooks": ["Expressions", "Files"],
    "Environments": ["Playbooks"],
    "Operations": ["Playbooks", "Cryptography"],
    "Planning": ["Operations"],
    "Schemas": ["Operations"],
    "Formatting": ["Playbooks"],
    "Diagrams": ["Planning"],
    "Scaffolds": ["Operations"],
    "Tenants": ["Planning"],
    "Events": ["Planning"],
    "TimeZones": ["Files"],
    "Schedules": ["Events", "TimeZones"],
    "Notifications": ["Events"],
    "Telemetry": ["Events"],
    "Machine": ["Events", "Randomness"],
    "Running": ["Machine"],
    "Networking": ["Running"],
    "Journaling": ["Events"],
    "Hosting": ["Running", "Journaling"],
    "Rollouts": ["Hosting", "Notifications", "Schedules", "Tenants"],
    "Reporting": ["Schedules"],
    "Serving": ["Reporting", "Rollouts"],
    "Sandbox": ["Operations", "Randomness"],
    "Simulation": ["Hosting", "Sandbox"],
    "privirun": [
      "Diagrams", "Environments", "Formatting", "Networking", "Reporting", "Rollouts", "Sandbox",
      "Scaffolds", "Schemas", "Serving", "Simulation", "Telemetry",
    ],
    "CBuildOrigin": [], "CBuildOriginValues": ["CBuildOrigin"], "CNoLocaleData": [],
    "CDiagnosticPages": [], "CLibYAML": [], "CMalloc": [], "COpenSSL": [], "CPrivicoreAPI": [],
    "CZlib": [],
  ]

  /// The modules that alone may use what is not ours.
  static let outsiders: [String: Set<String>] = [
    "CBuildOrigin": ["privirun"],
    "CDiagnosticPages": ["Reporting"],
    "CLibYAML": ["Playbooks"],
    "CMalloc": ["privirun"],
    "COpenSSL": ["Cryptography"],
    "CPrivicoreAPI": ["Operations"],
    "CZlib": ["Journaling"],
    "GRDB": ["Journaling"],
    "GRDBSQLite": ["Journaling"],
    "NIOSSL": ["Networking"],
    "NIOTLS": ["Networking"],
    "NIOHTTPCompression": ["Networking"],
    "NIOExtras": ["Networking"],
    "NIOCore": ["Networking", "Sandbox", "Serving"],
    "NIOPosix": ["Networking", "Sandbox", "Serving"],
    "NIOHTTP1": ["Networking", "Sandbox", "Serving"],
    "NIOWebSocket": ["Networking", "Sandbox"],
    "HeapModule": ["Hosting", "Machine", "Rollouts", "Sandbox", "Schedules", "Simulation"],
    "DequeModule": ["Hosting", "Machine", "Networking", "Rollouts"],
    "ArgumentParser": ["privirun"],
    "CoreMetrics": ["Telemetry"],
    "Logging": ["Serving", "privirun"],
    "ServiceLifecycle": ["Serving", "privirun"],
    "SystemPackage": ["Files"],
    "Tracing": ["Telemetry"],
    "Glibc": library, "Darwin": library, "Musl": library,
  ]

  /// The modules that call the C library: `Files` for files, and the others for what is none:
  /// clocks, limits, processes, signals, sockets, terminals.
  private static let library: Set<String> = [
    "Files", "Journaling", "Networking", "Sandbox", "Serving", "privirun",
  ]

  /// Modules of the platform and of collections, open to all.
  static let common: Set<String> = [
    "FoundationEssentials", "Foundation", "Synchronization", "Dispatch", "OrderedCollections",
  ]

  /// What a module may not use although it is open to all: what is pure reaches no platform.
  static let closed: [String: Set<String>] = [
    "Machine": ["FoundationEssentials", "Foundation", "Synchronization", "Dispatch"]
  ]

  /// The modules of this package that `module` may use.
  static func open(to module: String) -> Set<String> {
    let direct = arrows[module] ?? []
    return direct.reduce(into: direct) { $0.formUnion(open(to: $1)) }
  }

  /// Why `module` may not use `other`, or nil when it may.
  static func objection(to other: String, in module: String) -> String? {
    if closed[module]?.contains(other) ?? false { return "\(module) is pure" }
    if common.contains(other) || open(to: module).contains(other) { return nil }
    if let allowed = outsiders[other] {
      return allowed.contains(module) ? nil : "only \(allowed.sorted()) may use \(other)"
    }
    return arrows[other] == nil
      ? "\(other) is in no list of what modules may use"
      : "\(module) does not stand on \(other)"
  }

  /// The modules that a file imports.
  static func imports(of file: SourceFile) -> [String] {
    file.code.compactMap { line in
      var words = line.text.split(separator: " ")[...]
      let modifiers: Set<Substring> = [
        "package", "internal", "private", "fileprivate", "public", "@testable", "@preconcurrency",
      ]
      while let first = words.first, modifiers.contains(first) { words = words.dropFirst() }
      guard words.first == "import", let module = words.last else { return nil }
      return String(module.prefix { $0 != "." })
    }
  }
}
