// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
  .product(name: "NIOWebSocket", package: "swift-nio"),
]
let nioCompression = Target.Dependency.product(
  name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// No symbol of the program is looked up by name, so that none is exported, and what is unused goes, too. Of
// functions that are equal one is kept. Relocations are packed, which needs glibc 2.36 (Debian 12).
let small = LinkerSetting.unsafeFlags(
  [
    "-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=all",
    "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
  ], .when(platforms: [.linux], configuration: .release))

let package = Package(
  name: "privirun",
  // The C targets define what is declared elsewhere. No module stands on them, so that a commit, which one
  // of them names, lets no module be compiled again.
  products: [
    .executable(
      name: "privirun", targets: ["privirun", "CBuildOriginValues", "CNoLocaleData"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPrivicoreAPI", exclude: ["description.compiled"]),
    .target(name: "CDiagnosticPages"),
    .target(name: "CBuildOrigin"),
    .target(name: "CBuildOriginValues", dependencies: ["CBuildOrigin"]),
    .target(name: "CNoLocaleData"),

    .target(name: "Cryptography", dependencies: ["COpenSSL"]),
    .target(name: "Diagnostics"),
    .target(name: "Randomness"),
    .target(name: "Files", dependencies: [system]),
    .target(name: "Expressions", dependencies: ["Diagnostics", collections]),
    .target(
      name: "Playbooks", dependencies: ["Expressions", "Files", "CLibYAML", collections]),
    .target(name: "Environments", dependencies: ["Playbooks"]),
    .target(
      name: "Operations",
      dependencies: ["Playbooks", "Cryptography", "CPrivicoreAPI", collections]),
    .target(name: "Planning", dependencies: ["Operations", collections]),
    .target(name: "Schemas", dependencies: ["Operations", collections]),
    .target(name: "Formatting", dependencies: ["Playbooks"]),
    .target(name: "Diagrams", dependencies: ["Planning", collections]),
    .target(name: "Scaffolds", dependencies: ["Operations", collections]),
    .target(name: "Tenants", dependencies: ["Planning", collections]),
    .target(name: "Events", dependencies: ["Planning", collections]),
    .target(name: "TimeZones", dependencies: ["Files"]),
    .target(name: "Schedules", dependencies: ["Events", "TimeZones", collections, heap]),
    .target(name: "Notifications", dependencies: ["Events", collections]),
    .target(name: "Telemetry", dependencies: ["Events", collections, metrics, tracing]),
    .target(name: "Machine", dependencies: ["Events", "Randomness", collections, heap, deque]),
    .target(name: "Running", dependencies: ["Machine", collections]),
    .target(
      name: "Networking",
      dependencies: ["Running", nioSSL, nioTLS, nioCompression, nioExtras, deque] + nio),
    .target(name: "Journaling", dependencies: ["Events", "CZlib", grdb, sqlite]),
    .target(name: "Hosting", dependencies: ["Running", "Journaling", heap, deque]),
    .target(
      name: "Rollouts",
      dependencies: ["Hosting", "Notifications", "Schedules", "Tenants", collections, heap, deque]),
    .target(name: "Reporting", dependencies: ["Schedules", "CDiagnosticPages"]),
    .target(
      name: "Serving",
      dependencies: ["Reporting", "Rollouts", logging, serviceLifecycle] + nio),
    .target(name: "Sandbox", dependencies: ["Operations", "Randomness", collections, heap] + nio),
    .target(
      name: "Simulation", dependencies: ["Hosting", "Sandbox", collections, heap]),
    .executableTarget(
      name: "privirun",
      dependencies: [
        "Diagrams", "Environments", "Formatting", "Networking", "Reporting", "Rollouts", "Sandbox",
        "Scaffolds", "Schemas", "Serving", "Simulation", "Telemetry", "CBuildOrigin", "CMalloc",
        argumentParser, logging, serviceLifecycle,
      ], linkerSettings: [small]),
    .executableTarget(
      name: "HostBenchmark", dependencies: ["Networking", "Simulation"], path: "Benchmarks/Host"),

    .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(
      name: "ExpressionsTests", dependencies: ["Expressions", "TimeZones", collections],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "PlaybooksTests", dependencies: ["Playbooks", "Randomness"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EnvironmentsTests", dependencies: ["Environments", "EventSamples"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "OperationsTests", dependencies: ["Operations", "Randomness", collections],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "PlanningTests", dependencies: ["Planning", collections], resources: [.copy("Fixtures")]
    ),
    .testTarget(
      name: "SchemasTests", dependencies: ["Schemas", "Planning", collections],
      exclude: ["uncaught.yaml"]),
    .testTarget(
      name: "FormattingTests", dependencies: ["Formatting", "Randomness"], exclude: ["Fixtures"]),
    .testTarget(name: "DiagramsTests", dependencies: ["Diagrams"], exclude: ["Fixtures"]),
    .testTarget(
      name: "ScaffoldsTests", dependencies: ["Scaffolds", "Formatting", "Planning", collections]),
    .testTarget(name: "TenantsTests", dependencies: ["Tenants"], exclude: ["Fixtures"]),
    .target(name: "EventSamples", dependencies: ["Events"], path: "Tests/EventSamples"),
    .target(
      name: "CFaultyFiles", path: "Tests/Support/CFaultyFiles",
      linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
      name: "FaultyFiles", dependencies: ["CFaultyFiles"], path: "Tests/Support/FaultyFiles"),
    .testTarget(
      name: "EventsTests", dependencies: ["Events", "EventSamples", collections],
      exclude: ["Fixtures"]),
    .testTarget(name: "TimeZonesTests", dependencies: ["TimeZones"], exclude: ["Fixtures"]),
    .testTarget(
      name: "SchedulesTests", dependencies: ["Schedules", "Randomness", collections, heap],
      exclude: ["Fixtures"]),
    .executableTarget(
      name: "CronInstants", dependencies: ["Schedules"], path: "Tests/Support/CronInstants"),
    .testTarget(
      name: "NotificationsTests",
      dependencies: ["Notifications", "EventSamples", "Networking"] + nio,
      exclude: ["Fixtures"]),
    .testTarget(
      name: "TelemetryTests",
      dependencies: ["Telemetry", "Simulation", "EventSamples", collections, metrics, tracing],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "ServingTests",
      dependencies: ["Serving", "Simulation", "EventSamples", logging, serviceLifecycle] + nio,
      exclude: ["Metrics/Fixtures"]),
    .testTarget(name: "RunningTests", dependencies: ["Simulation", "FaultyFiles"]),
    .testTarget(name: "NetworkingTests", dependencies: ["Networking", nioSSL] + nio),
    .testTarget(
      name: "JournalingTests",
      dependencies: [
        "Journaling", "EventSamples", "FaultyFiles", "Randomness", grdb, collections,
      ],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "RolloutsTests",
      dependencies: ["Rollouts", "Simulation", "EventSamples", collections, heap],
      resources: [.copy("Definition/Fixtures")]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Reporting", "EventSamples", "Randomness"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", nioEmbedded] + nio,
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SimulationTests",
      dependencies: ["Simulation", "Journaling", "Cryptography", "EventSamples", collections],
      exclude: ["Stories"]),
    .testTarget(
      name: "PrivirunTests",
      dependencies: [
        "EventSamples", "Networking", "Reporting", "Simulation", "privirun", collections,
        grdb,
      ] + nio, exclude: ["Fixtures"]),
    .testTarget(name: "TidyTests", dependencies: []),
  ]
)

// Imports reach through dependencies to the modules beneath; a build must notice a change in any.
func modulesNamed(by target: Target) -> Set<String> {
  target.dependencies.reduce(into: []) { names, dependency in
    if case .byNameItem(let name, _) = dependency { names.insert(name) }
  }
}

func modulesBeneath(_ target: Target, among modules: [Target]) -> Set<String> {
  let named = modulesNamed(by: target)
  return modules.filter { named.contains($0.name) }.reduce(into: named) { names, module in
    names.formUnion(modulesBeneath(module, among: modules))
  }
}

let beneath = package.targets.map { modulesBeneath($0, among: package.targets) }
for (target, names) in zip(package.targets, beneath) {
  let missing = names.subtracting(modulesNamed(by: target)).sorted()
  target.dependencies += missing.map { .byName(name: $0) }
}

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]
// What runs compute is optimized in debug builds too: tests simulate many hours of it.
let computing: Set<String> = [
  "Cryptography", "Expressions", "Playbooks", "Operations", "Planning", "Events", "Machine",
  "Running", "Hosting", "Sandbox", "Simulation",
]
let foreign: Set<String> = [
  "CPrivicoreAPI", "CDiagnosticPages", "CFaultyFiles", "CBuildOrigin", "CBuildOriginValues",
  "CNoLocaleData",
]
// What runs once for a command is compiled for size.
let cold: Set<String> = [
  "privirun", "Schemas", "Diagrams", "Scaffolds", "Reporting", "Serving", "Environments",
  "Notifications",
]
for target in package.targets where target.type != .system && !foreign.contains(target.name) {
  target.swiftSettings = settings
  if computing.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
  }
  if cold.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-Osize"], .when(configuration: .release)))
  }
}
