import Foundation
import Testing

@Suite("Two runs compared", .timeLimit(.minutes(20)))
struct DiffTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try write(["{ id: one, assert: \"inputs.n > 0\" }", "{ id: two, wait: 1ms }"])
  }

  private static let first = "planted-first-password-41c7"
  private static let second = "planted-second-password-9e02"

  private func write(_ steps: [String], name: String = "main") throws {
    try folder.write(
      """
      playbook: 1
      name: \(name)
      inputs:
        n: { type: integer, default: 1 }
        password: { type: secret }
      labels: { n: "${{ inputs.n }}" }
      steps:
      \(steps.map { "  - \($0)\n" }.joined())
      outputs: { n: "${{ inputs.n }}", kept: "${{ inputs.password }}" }

      """, to: "\(name).yaml")
  }

  /// Runs a playbook and returns the id of its run.
  @discardableResult
  private func play(
    _ name: String = "main", n: Int = 1, password: String = first
  ) async throws -> String {
    let ended = try await Program.run(
      [
        "run", "\(name).yaml", "--output", "json", "--input", "n=\(n)", "--input",
        "password=env:P",
      ], in: folder.path, environment: ["P": password])
    return try #require(try JSONLines.objects(ended.output).first?["run"] as? String)
  }

  private func diff(_ arguments: String...) async throws -> Ended {
    try await Program.run(
      ["diff"] + arguments, in: folder.path, environment: ["LC_ALL": "C.UTF-8"])
  }

  /// The lines of a comparison without what depends on how long the runs took.
  private static func lines(_ ended: Ended) -> [String] {
    ended.output.split(separator: "\n").map { line in
      String(line.replacing(#/; [0-9]+ (slower|faster).*$/#, with: ""))
    }.filter { line in
      !["started", "elapsed", "time", "="].contains(line.split(separator: " ").first ?? "")
    }
  }

  @Test func `a run is compared with the one of the same playbook before it`() async throws {
    let first = try await play()
    try write(["{ id: other, wait: 1ms }"], name: "other")
    try await play("other")
    let second = try await play()
    let ended = try await diff("latest", "--exit-code")
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    #expect(
      Self.lines(ended) == [
        "main  run \(first) → \(second)", "  outcome   succeeded",
        "2 steps are the same", "the runs do not differ",
      ])
    #expect(try await diff(first, second) == ended)
    #expect(try await diff("latest", "latest", "--exit-code").status == 0)
  }

  @Test func `inputs, labels, outcomes, reasons and outputs are compared`() async throws {
    let first = try await play()
    let second = try await play(n: 0)
    let ended = try await diff(first, "latest")
    #expect(ended.status == 0)
    let reason = [
      "failure.class    (none) → expectation",
      "failure.message  (none) → `inputs.n > 0` is false: `inputs.n` is 0",
    ]
    #expect(
      Self.lines(ended) == [
        "main  run \(first) → \(second)", "  label.n   1 → 0", "  input n   1 → 0", "~ one  assert",
        "    outcome          succeeded → failed",
      ] + reason.map { "    " + $0 } + [
        "- two  wait  only in \(first): succeeded", "output n     1 → (none)",
        "output kept  ••• → (none)", "outcome          succeeded → failed",
      ] + reason + [
        "failedStep       (none) → one", "0 steps are the same, 1 differs, 1 only in \(first)",
        "the runs differ",
      ])
    #expect(try await diff(first, second, "--exit-code").status == 6)
    #expect(try await diff(first, second, "--exit-code", "--no-values").status == 6)
  }

  @Test func `a playbook may change between the runs`() async throws {
    let first = try await play()
    try write([
      "{ id: new, wait: 1ms }", "{ id: one, assert: \"inputs.n > 0\" }", "{ id: two, wait: 1ms }",
    ])
    let second = try await play()
    let lines = Self.lines(try await diff(second))
    #expect(lines.contains("+ new  wait  only in \(second): succeeded"))
    #expect(lines.contains("2 steps are the same, 1 only in \(second)"))
    #expect(lines.contains { $0.hasPrefix("  plan ") })
    #expect(!lines.contains { $0.contains("only in \(first)") })
  }

  @Test func `secrets are compared and never shown`() async throws {
    try await play()
    let equal = try await play()
    let different = try await play(password: Self.second)
    #expect(try await diff(equal, "--exit-code").status == 0)
    var outputs: [String] = []
    for arguments in [[], ["--all", "--full"], ["--output", "json"]] {
      let ended = try await Program.run(
        ["diff", different, "--exit-code"] + arguments, in: folder.path)
      #expect(ended.status == 6)
      #expect(ended.errors == "")
      outputs.append(ended.output)
    }
    #expect(outputs[0].ranges(of: "differs (secret)").count == 2)
    let object = try #require(try JSONLines.objects(outputs[2]).first)
    #expect(object["secretsCompared"] as? Bool == true)
    let inputs = try #require(object["inputs"] as? [[String: Any]])
    #expect(inputs.map { $0["name"] as? String } == ["password"])
    #expect(inputs.first?["secret"] as? Bool == true)
    for text in outputs {
      #expect(!text.contains(Self.first) && !text.contains(Self.second))
      #expect(!text.contains("\u{1B}"))
    }
  }

  @Test func `what is secret in one of the runs is shown of neither`() async throws {
    try folder.write(
      """
      playbook: 1
      name: echo
      inputs: { password: { type: secret }, echo: { type: string } }
      steps:
        - { id: one, wait: 1ms }
      outputs: { echo: "${{ inputs.echo }}" }

      """, to: "echo.yaml")
    let encoded = Data(Self.first.utf8).base64EncodedString()
    for (password, echo) in [
      (Self.first, "of \(Self.second)"), (Self.second, "of \(Self.first) and \(encoded)"),
    ] {
      let ended = try await Program.run(
        [
          "run", "echo.yaml", "--quiet", "--input", "password=env:P", "--input", "echo=\(echo)",
        ], in: folder.path, environment: ["P": password])
      #expect(ended.status == 0)
    }
    for options in [[], ["--all", "--full"], ["--output", "json"]] {
      let ended = try await Program.run(
        ["diff", "latest", "--exit-code"] + options, in: folder.path)
      #expect(ended.status == 6)
      #expect(ended.output.contains("echo"))
      for secret in [Self.first, Self.second, encoded] {
        #expect(!ended.output.contains(secret), "\(ended.output)")
      }
    }
  }

  @Test func `without the journal's key secrets are not compared, which is said`() async throws {
    try await play()
    try await play(password: Self.second)
    try FileManager.default.removeItem(
      atPath: "\(folder.path)/.privirun/journal.sqlite.key")
    let ended = try await diff("latest", "--exit-code")
    #expect(ended.status == 0)
    #expect(ended.output.contains("secrets were not compared\n"))
    #expect(ended.errors.ranges(of: "cannot be compared: the journal's key").count == 2)
    let json = try await diff("latest", "--output", "json")
    #expect(json.output.contains(#""differs":false,"secretsCompared":false"#))
  }

  @Test func `a run without one before it cannot be compared alone`() async throws {
    let run = try await play()
    #expect(
      try await diff("latest")
        == Ended(
          status: 2,
          errors: """
            privirun: no run of the same playbook started before run \(run)
              hint: name both runs; `privirun runs` lists them

            """))
    let unknown = try await diff("latest", "\(run)0")
    #expect(unknown.status == 2)
    #expect(unknown.errors.hasPrefix("privirun: no run begins with `\(run)0`\n"))
  }
}
