import Foundation
import Testing

@Suite("Simulations", .timeLimit(.minutes(20)))
struct SimulateTests {
  private static let password = "planted-password-77"
  private static let environment = ["P": password]

  /// A tenant who registers an application, unless it is listed, as often as is asked for.
  ///
  /// A list that lags behind makes a second one.
  private static let playbook = """
    playbook: 1
    name: register
    inputs:
      username: { type: string }
      password: { type: secret }
      turns: { type: list, of: integer, default: [1, 2] }
    session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    steps:
      - id: profile
        call: profile.register-new-profile
        with: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
        session: none
      - id: keys
        call: keys.generate
        with: { privateKeyFile: keys/tenant.key }
      - id: key
        call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
      - id: turns
        for-each: ${{ inputs.turns }}
        steps:
          - id: listed
            call: oauth-application.oauth-application-list
          - when: "!(steps.listed.applications.exists(a, a.name == 'billing'))"
            call: oauth-application.register-oauth-application
            with: { name: billing, redirectUri: "https://b.example/cb", scopes: [all] }

    """

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.playbook, to: "register.yaml")
  }

  private func simulate(_ options: String...) async throws -> Ended {
    let inputs = ["--input", "username=a@example.com", "--input", "password=env:P"]
    return try await Program.run(
      ["simulate", "register.yaml"] + inputs + options, in: folder.path,
      environment: Self.environment)
  }

  private static func object(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(object as? [String: Any])
  }

  @Test func `a simulation reports its figures and writes no file`() async throws {
    let ended = try await simulate("--runs", "20", "--crashes", "every", "--faults", "double=5%")
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    let lines = ended.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 7)
    #expect(lines[0].hasPrefix("runs        20 random, "))
    #expect(lines[1].contains(" of virtual time in "))
    #expect(lines[3].hasPrefix("resumed     "))
    #expect(lines[4].hasPrefix("faults      double "))
    #expect(lines[5].hasPrefix("outcomes    succeeded "))
    #expect(lines[6] == "no property was broken")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["register.yaml"])
  }

  @Test func `the same seed gives the same report`() async throws {
    func report(_ seed: String) async throws -> NSDictionary {
      let ended = try await simulate(
        "--runs", "12", "--seed", seed, "--faults", "light,lag=0%", "--output", "json")
      #expect(ended.status == 0)
      var object = try Self.object(ended.output)
      #expect(object["seed"] as? String == seed)
      for name in ["seed", "realMilliseconds", "ratio"] { object[name] = nil }
      return object as NSDictionary
    }
    #expect(try await report("7") == report("7"))
    #expect(try await report("7") != report("8"))
  }

  @Test func `the run that breaks a property is printed, as short as it can be`() async throws {
    let options = ["--faults", "lag=40%:4s,double=10%,slow=5%", "--crashes", "random"]
    let ended = try await simulate(options[0], options[1], options[2], options[3])
    #expect(ended.status == 1)
    #expect(
      ended.output.contains("broken: final-state: the run succeeded, but left something else"))
    #expect(
      ended.output.contains(
        "  the service holds something else: + application billing of a@example.com: "
          + "https://b.example/cb [\"all\"] not retrieved\n"))
    #expect(ended.output.contains("\n  fault lag at "))
    #expect(!ended.output.contains("\n  fault double at "))
    #expect(ended.output.contains("*** fault: lag\n"))
    #expect(ended.output.contains("run succeeded"))
    #expect(!ended.output.contains(Self.password))
  }

  @Test func `a broken property is an object with the events of the run`() async throws {
    let ended = try await simulate("--faults", "lag=40%:4s", "--output", "json")
    #expect(ended.status == 1)
    #expect(!ended.output.contains(Self.password))
    let violation = try #require(Self.object(ended.output)["violation"] as? [String: Any])
    #expect(violation["property"] as? String == "final-state")
    #expect((violation["crashes"] as? [Any])?.count == 0)
    let faults = try #require(violation["faults"] as? [[String: Any]])
    #expect(faults.map { $0["kind"] as? String } == ["lag"])
    let events = try #require(violation["events"] as? [[String: Any]])
    #expect(events.first?["type"] as? String == "run-started")
    #expect(events.last?["type"] as? String == "run-finished")
  }

  @Test func `runs begin after the steps that are carried out once`() async throws {
    let whole = try await simulate("--runs", "0", "--crashes", "every", "--output", "json")
    let rest = try await simulate(
      "--runs", "0", "--crashes", "every", "--after", "turns[0]/step-2", "--output", "json")
    let points = try [whole, rest].map { ended -> Int in
      #expect(ended.status == 0)
      return try #require(Self.object(ended.output)["crashPoints"] as? Int)
    }
    #expect(points[1] > 5)
    #expect(points[1] < points[0] / 2)
  }

  @Test func `a plan is made wherever a run is given up`() async throws {
    let ended = try await simulate(
      "--runs", "0", "--plans", "every", "--after", "turns[0]/step-2", "--output", "json")
    #expect(ended.status == 0, "\(ended.output)")
    let object = try Self.object(ended.output)
    let plans = try #require(object["plans"] as? Int)
    #expect(plans > 5)
    #expect(object["crashPoints"] as? Int == 0)
    let steps = try #require(object["planSteps"] as? [String: Int])
    #expect((steps["create"] ?? 0) >= plans)
    // The profile is not ensured: the service refuses to make a second one.
    let ends = try #require(object["planEnds"] as? [String: Int])
    #expect(ends == ["refused": plans, "unknown": 0, "conflict": 0])
  }

  @Test(arguments: [
    ("turn", "did you mean `turns`?"),
    ("nothing-like-it", "the steps are profile, keys, key, turns;"),
  ])
  func `a step that never ends cannot come first`(step: String, hint: String) async throws {
    let ended = try await simulate("--after", step)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    #expect(ended.errors.hasPrefix("privirun: no step `\(step)` came to its end\n  hint: \(hint)"))
  }

  @Test func `a playbook that fails undisturbed is shown doing so`() async throws {
    try folder.write(
      """
      playbook: 1
      name: early
      inputs: { password: { type: secret } }
      session: { username: nobody, password: "${{ inputs.password }}" }
      steps:
        - id: mine
          call: profile.retrieve-profile-id

      """, to: "early.yaml")
    let ended = try await Program.run(
      "simulate", "early.yaml", "--input", "password=env:P", in: folder.path,
      environment: Self.environment)
    #expect(ended.status == 1)
    #expect(ended.output.contains("broken: unexplained-failure: "))
    #expect(
      ended.output.contains("  undisturbed, the run ended failed at `mine`: `nobody` could not"))
    #expect(ended.output.contains("It shows without any crash or fault."))
    #expect(!ended.output.contains(Self.password))
  }

  @Test func `files that a playbook reads are read, and decisions are made`() async throws {
    try folder.write("as agreed", to: "in/contract.txt")
    try folder.write(
      """
      playbook: 1
      name: copy
      inputs: { file: { type: file } }
      steps:
        - { id: read, call: file.read, with: { file: "${{ inputs.file }}" } }
        - id: release
          approve:
            message: Shall it be copied?
            fields: { count: { type: integer }, reason: { type: string } }
        - assert: [steps.release.count > 0, "steps.read.text == 'as agreed'"]
        - { call: file.write, with: { path: out/copy.txt, data: "${{ steps.read.text }}" } }
        - { id: copy, call: file.read, with: { file: out/copy.txt } }
        - assert: [steps.copy.text == steps.read.text]

      """, to: "copy.yaml")
    let ended = try await Program.run(
      "simulate", "copy.yaml", "--input", "file=in/contract.txt", "--crashes", "every",
      in: folder.path)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(
      try Set(FileManager.default.contentsOfDirectory(atPath: folder.path))
        == ["register.yaml", "copy.yaml", "in"])
  }
}
