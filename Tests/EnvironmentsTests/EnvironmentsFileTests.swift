import Diagnostics
import Environments
import EventSamples
import Expressions
import Playbooks
import Testing

@Suite struct EnvironmentsFileTests {
  private static func file(at path: String = "privirun.yaml") throws -> EnvironmentsFile {
    try EnvironmentsFile(
      parsing: EnvironmentFixtures.bytes("good.yaml"), path: path,
      checking: EnvironmentFixtures.check)
  }

  private static func staging(in folder: String) -> NamedEnvironment {
    var addresses = NamedEnvironment.Addresses(api: "https://staging.example.com")
    addresses.webSocket = "wss://staging.example.com/socket"
    addresses.upstream = "https://staging.example.com:9010"
    addresses.downstream = "https://staging.example.com:9011"
    var staging = NamedEnvironment(
      name: "staging",
      location: SourceLocation(file: "\(folder)privirun.yaml", line: 5, column: 3, length: 7),
      addresses: addresses, journal: "\(folder)journals/staging.sqlite")
    staging.summary = "Reset every night"
    staging.certificates.authorities = "\(folder)certificates/staging.pem"
    staging.certificates.client = "~/client.pem"
    staging.certificates.clientKey = "/etc/privirun/client.key"
    staging.inputs = [
      "\(folder)inputs/common.yaml", "\(folder.isEmpty ? "./" : folder)inputs/staging.yaml",
    ]
    staging.labels = [
      NamedEnvironment.Label(name: "env", value: "staging"),
      NamedEnvironment.Label(name: "tier", value: "2"),
    ]
    return staging
  }

  private static func production(in folder: String) -> NamedEnvironment {
    var production = NamedEnvironment(
      name: "production",
      location: SourceLocation(file: "\(folder)privirun.yaml", line: 17, column: 3, length: 10),
      addresses: NamedEnvironment.Addresses(api: "https://production.example.com"),
      journal: "\(folder).privirun/production.sqlite")
    production.inputs = ["\(folder)inputs/common.yaml"]
    production.isProtected = true
    production.sendsTraceContext = true
    return production
  }

  @Test(arguments: ["", "/work/project/"])
  func `a file is read, and its paths begin in its folder`(folder: String) throws {
    let file = try Self.file(at: "\(folder)privirun.yaml")
    #expect(
      file
        == EnvironmentsFile(
          path: "\(folder)privirun.yaml", defaultName: "staging",
          environments: [Self.staging(in: folder), Self.production(in: folder)]))
  }

  @Test func `an environment is found by its name`() throws {
    let file = try Self.file()
    #expect(try file.environment(named: "production") == Self.production(in: ""))
  }

  @Test(arguments: [
    ("prodution", "did you mean `production`? the environments are `staging` and `production`"),
    ("Staging", "did you mean `staging`? the environments are `staging` and `production`"),
    ("qa", "the environments are `staging` and `production`"),
    ("", "the environments are `staging` and `production`"),
  ])
  func `an unknown name lists those that there are`(name: String, hint: String) throws {
    let file = try Self.file()
    do throws(UnknownEnvironment) {
      let found = try file.environment(named: name)
      Issue.record("found \(found.name)")
    } catch {
      #expect(error.message == "`privirun.yaml` has no environment `\(name)`")
      #expect(error.hint == hint)
    }
  }

  @Test(arguments: [
    ("staging", true), ("eu-1.test_2", true), ("2", true),
    (String(repeating: "a", count: 63), true),
    (String(repeating: "a", count: 64), false), ("", false), (".hidden", false), ("-x", false),
    ("a/b", false), ("a b", false), ("größe", false), ("..", false),
  ])
  func `a name can be part of a path`(name: String, isValid: Bool) {
    #expect(EnvironmentName.isValid(name) == isValid)
  }

  @Test func `a good file fits the schema`() throws {
    let schema = try SchemaCheck(named: "environments.schema.json")
    #expect(try schema.complaints(aboutDocument: Self.json("good.yaml")) == [])
  }

  @Test(arguments: [
    "wrong-file", "unsupported-version", "missing-key", "missing-key--address",
    "unknown-key", "wrong-type",
  ])
  func `the schema refuses what the reader refuses`(name: String) throws {
    let schema = try SchemaCheck(named: "environments.schema.json")
    #expect(try schema.complaints(aboutDocument: Self.json("bad/\(name).yaml")) != [])
  }

  /// A YAML file as JSON.
  private static func json(_ path: String) throws -> String {
    let node = try YAMLNode(parsing: EnvironmentFixtures.bytes(path), file: path)
    return JSON.text(node.value, unknowns: .shown)
  }
}
