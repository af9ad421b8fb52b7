import EventSamples
import Foundation
import Testing

@Suite("Environments", .timeLimit(.minutes(20)))
struct EnvironmentTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      playbook: 1
      name: quiet
      labels: { env: none, kind: quiet }
      inputs:
        region: { type: string, default: none }
        size: { type: integer, default: 1 }
      steps: [{ assert: inputs.region != '' }]
      outputs: { region: "${{ inputs.region }}", size: "${{ inputs.size }}" }

      """, to: "flows/quiet.yaml")
    try folder.write(
      "playbook: 1\nname: idle\nsteps: [{call: utility.check-server-health}]\n",
      to: "flows/idle.yaml")
  }

  /// Two environments whose service nobody listens at; they differ in the path.
  private func writeFile(port: Int = 9, default name: String? = "staging") throws {
    let head = "privirun: 1\n" + (name.map { "default: \($0)\n" } ?? "")
    try folder.write(
      head + """
        environments:
          staging:
            api-url: http://127.0.0.1:\(port)/staging
            inputs: [inputs/common.yaml, inputs/staging.yaml]
            labels: { env: staging }
          production:
            api-url: http://127.0.0.1:\(port)/production
            journal: records/production.sqlite
            protected: true

        """, to: "privirun.yaml")
    try folder.write("region: eu\nsize: 2\nretention: 30\n", to: "inputs/common.yaml")
    try folder.write("size: 3\n", to: "inputs/staging.yaml")
  }

  private func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> Ended {
    try await Program.run(arguments, in: "\(folder.path)/flows", environment: environment)
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder.path)/\(name)")
  }

  @Test func `the file is found above the folder, and its paths begin where it is`() async throws {
    try writeFile()
    let ended = try await run(["run", "quiet.yaml", "--output", "json"])
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains(#""environment":"staging""#))
    #expect(ended.output.contains(#""labels":{"env":"staging","kind":"quiet"}"#))
    #expect(ended.output.contains(#""outputs":{"region":"eu","size":3}"#))
    #expect(exists(".privirun/staging.sqlite"))
    #expect(!exists("flows/.privirun"))
    let runs = try await run(["runs"])
    #expect(runs.output.contains("ENVIRONMENT"))
    #expect(runs.output.contains("staging"))
    let listing = try await run(["runs", "--output", "json"])
    #expect(listing.output.contains(#""environment":"staging""#))
    let shown = try await run(["show", "latest"])
    #expect(shown.output.contains("environment staging"))
    let other = try await run(["runs", "--environment", "production"])
    #expect(other.status == 2)
    #expect(other.errors.contains("\(folder.path)/records/production.sqlite"))
  }

  @Test(
    arguments: [
      ([], ["size": "3", "region": "eu"]),
      (["--inputs", "more.yaml"], ["size": "4", "region": "eu"]),
      (["--inputs", "more.yaml", "--input", "size=5"], ["size": "5", "region": "eu"]),
      (["--no-environment"], ["size": "1", "region": "none"]),
    ] as [([String], [String: String])])
  func `the inputs of an environment count less than those of the command`(
    options: [String], outputs: [String: String]
  ) async throws {
    try writeFile()
    try folder.write("size: 4\n", to: "flows/more.yaml")
    let ended = try await run(["run", "quiet.yaml", "--output", "json"] + options)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.errors == "")
    let region = outputs["region"] ?? ""
    let size = outputs["size"] ?? ""
    #expect(ended.output.contains(#""outputs":{"region":"\#(region)","size":\#(size)}"#))
  }

  @Test func `a name that is nearly an input is a warning, and a lost file an error`() async throws
  {
    try writeFile()
    try folder.write("regoin: us\n", to: "inputs/common.yaml")
    let near = try await run(["run", "quiet.yaml"])
    #expect(near.status == 0)
    #expect(near.errors.contains("warning[P0801]: `quiet` has no input `regoin`"))
    try FileManager.default.removeItem(atPath: "\(folder.path)/inputs/staging.yaml")
    let lost = try await run(["run", "quiet.yaml"])
    #expect(lost.status == 2)
    #expect(lost.errors.contains("inputs/staging.yaml` does not exist"))
    #expect(lost.errors.contains("`inputs` of the environment `staging` names it"))
  }

  @Test(
    arguments: [
      (["--environment", "staging"], [:], "`--environment staging` names an environment"),
      ([], ["PRIVIRUN_ENVIRONMENT": "qa"], "`PRIVIRUN_ENVIRONMENT=qa` names an environment"),
    ] as [([String], [String: String], String)])
  func `without a file, nobody acts in an environment`(
    options: [String], environment: [String: String], complaint: String
  ) async throws {
    let ended = try await run(["run", "quiet.yaml"] + options, environment: environment)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(complaint))
    #expect(ended.errors.contains("there is no privirun.yaml"))
    #expect(!exists("flows/.privirun"))
    let without = try await run(["run", "quiet.yaml"])
    #expect(without.status == 0)
    #expect(exists("flows/.privirun/journal.sqlite"))
  }

  /// What is named on the command line and by variables, and the service that is called then; nil where the
  /// command is refused.
  struct Naming: Sendable {
    var options: [String] = []
    var variables: [String: String] = [:]
    var service: String?
    var says: String
  }

  private static let namings = [
    Naming(service: "staging", says: ""),
    Naming(
      options: ["--environment", "staging"], variables: ["PRIVICORE_API_URL": "$/production"],
      service: "staging", says: "PRIVICORE_API_URL is not used: the environment `staging` is"),
    Naming(
      options: ["--environment", "staging"], variables: ["PRIVICORE_WS_URL": "ws://127.0.0.1:9"],
      service: "staging", says: "PRIVICORE_WS_URL is not used"),
    Naming(
      variables: ["PRIVICORE_API_URL": "$/production"],
      says:
        "the variable PRIVICORE_API_URL names another service than the environment `staging`, the "
        + "default of"),
    Naming(
      variables: ["PRIVIRUN_ENVIRONMENT": "staging", "PRIVICORE_API_URL": "$/production"],
      says: "names another service than the environment `staging` (PRIVIRUN_ENVIRONMENT) does"),
    Naming(
      variables: ["PRIVICORE_UPSTREAM_URL": "http://127.0.0.1:9"],
      says: "the variable PRIVICORE_UPSTREAM_URL names another service"),
    Naming(variables: ["PRIVICORE_API_URL": "$/staging/"], service: "staging", says: ""),
    Naming(
      options: ["--no-environment"],
      variables: ["PRIVIRUN_ENVIRONMENT": "staging", "PRIVICORE_API_URL": "$/production"],
      service: "production", says: ""),
    Naming(
      options: ["--environment", "staging", "--api-url", "$/production"],
      says: "`--api-url` names another service than the environment `staging` does"),
    Naming(
      options: ["--api-url", "$/production"], says: "`--api-url` names another service"),
    Naming(options: ["--api-url", "$/staging"], service: "staging", says: ""),
    Naming(
      options: ["--journal", "../records/production.sqlite"],
      says: "is the journal of the environment `production`"),
    Naming(
      options: ["--environment", "prodution"], says: "did you mean `production`?"),
    Naming(
      variables: ["PRIVIRUN_ENVIRONMENT": "qa"],
      says: "has no environment `qa` (PRIVIRUN_ENVIRONMENT)"),
    Naming(
      options: ["--environment", "staging", "--no-environment"],
      says: "--environment and --no-environment contradict each other"),
    Naming(options: ["--environment", "production"], says: "is protected"),
    Naming(
      options: ["--environment", "production", "--yes"], service: "production", says: ""),
  ]

  @Test(arguments: namings)
  func `the service is the environment's, and never mixed with another one`(
    naming: Naming
  ) async throws {
    try await DeafPort.held { port in
      try writeFile(port: port)
      let address = "http://127.0.0.1:\(port)"
      let ended = try await run(
        ["run", "idle.yaml", "--output", "plain"]
          + naming.options.map { $0.replacing("$", with: address) },
        environment: naming.variables.mapValues { $0.replacing("$", with: address) })
      #expect(ended.errors.contains(naming.says) || naming.says.isEmpty)
      guard let service = naming.service else {
        #expect(ended.status == 2)
        #expect(ended.output == "")
        #expect(!exists(".privirun") && !exists("records") && !exists("flows/.privirun"))
        return
      }
      #expect(ended.status == 5, "\(ended.errors)")
      #expect(ended.output.contains(" at \(address)/\(service)"))
    }
  }

  @Test func `without a default the file counts where an environment is named`() async throws {
    try writeFile(default: nil)
    let bare = try await run(["run", "idle.yaml"])
    #expect(bare.status == 2)
    #expect(bare.errors.contains("name an environment with --environment (staging, production)"))
    let quiet = try await run(["run", "quiet.yaml", "--output", "json"])
    #expect(quiet.status == 0)
    #expect(!quiet.output.contains(#""environment""#))
    #expect(exists("flows/.privirun/journal.sqlite"))
  }

  @Test(
    arguments: [
      ("name: other\n", 1, "this file has no key `privirun`"),
      (
        "privirun: 1\nenvironments:\n  a: { api-url: \"ftp://x\" }\n", 3,
        "the API address does not begin with `http://` or `https://`"
      ),
    ])
  func `a file that cannot be used is reported where it is`(
    text: String, line: Int, complaint: String
  ) async throws {
    try folder.write(text, to: "privirun.yaml")
    for command in [["run", "quiet.yaml"], ["runs"], ["environments"]] {
      let ended = try await run(command)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(ended.errors.hasPrefix("\(folder.path)/privirun.yaml:\(line):"))
      #expect(ended.errors.contains(complaint))
    }
    #expect(try await run(["run", "quiet.yaml", "--no-environment"]).status == 0)
    #expect(try await run(["check", "quiet.yaml"]).status == 0)
  }

  @Test func `a plan names the environment in each of its forms`() async throws {
    try writeFile()
    for (form, text) in [
      ("text", "plan (environment staging) without reads"),
      ("json", #""environment":"staging""#), ("markdown", "environment `staging`"),
      ("junit", #"<property name="environment" value="staging"/>"#),
    ] {
      let ended = try await run(["plan", "idle.yaml", "--offline", "--output", form])
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(ended.output.contains(text))
    }
  }

  @Test func `the environments are listed`() async throws {
    try writeFile()
    let text = try await run(["environments"])
    #expect(text.status == 0)
    let words = text.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(
      words == [
        ["\(folder.path)/privirun.yaml"], ["NAME", "SERVICE", "JOURNAL", "NOTES"],
        [
          "*", "staging", "http://127.0.0.1:9/staging", "\(folder.path)/.privirun/staging.sqlite",
          "default",
        ],
        [
          "production", "http://127.0.0.1:9/production",
          "\(folder.path)/records/production.sqlite", "protected",
        ],
      ])
    let json = try await run(
      ["environments", "--output", "json"], environment: ["PRIVIRUN_ENVIRONMENT": "production"])
    let schema = try SchemaCheck(named: "environment-list.schema.json")
    #expect(try schema.complaints(aboutDocument: json.output) == [])
    #expect(json.output.contains(#""name":"production","default":false,"inUse":true"#))
    try FileManager.default.removeItem(atPath: "\(folder.path)/privirun.yaml")
    let none = try await run(["environments"])
    #expect(none.status == 2)
    #expect(none.errors.contains("there is no privirun.yaml in this folder or above it"))
  }
}
