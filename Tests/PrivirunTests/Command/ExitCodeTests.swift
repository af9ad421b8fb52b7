import Foundation
import Testing

/// The exit codes that only a service brings about; the others are in `RunUsageTests`,
/// `BadPlaybookTests` and `InterruptTests`.
@Suite("Exit codes", .timeLimit(.minutes(20)))
struct ExitCodeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      """
      playbook: 1
      name: register
      inputs: { password: { type: secret } }
      steps:
        - id: profile
          call: profile.register-new-profile
          with: { username: u, password: "${{ inputs.password }}" }

      """, to: "register.yaml")
  }

  private static let password = "planted/Password&9f3a"

  private func run(_ server: HostileServer, _ output: String) async throws -> Ended {
    try await Program.run(
      [
        "run", "register.yaml", "--api-url", server.address, "--input", "password=env:P",
        "--output", output,
      ], in: folder.path, environment: ["P": Self.password])
  }

  @Test func `a command whose fate nobody knows ends with 3`() async throws {
    try await HostileServer.serving { _ in
      .bytes("HTTP/1.1 202 Acc")
    } body: { server in
      let ended = try await run(server, "json")
      #expect(ended.status == 3)
      #expect(ended.errors == "")
      let last = try JSONLines.objects(ended.output).last
      #expect(last?["type"] as? String == "run-finished")
      #expect(last?["outcome"] as? String == "in-doubt")
      #expect(last?["failedStep"] as? String == "profile")
      #expect(server.count("POST /profile/register-profile") == 1)
    }
  }

  @Test func `a plan that cannot be saved ends as the plan does`() async throws {
    let saved = ["--save", "a.plan"]
    func plan(_ address: String, _ options: [String]) async throws -> Ended {
      try await Program.run(
        ["plan", "register.yaml", "--api-url", address, "--input", "password=env:P"] + options,
        in: folder.path, environment: ["P": Self.password])
    }
    try folder.write(
      """
      playbook: 1
      name: register
      inputs: { password: { type: secret } }
      steps:
        - call: device.retrieve-profile-devices
          session: { username: u, password: "${{ inputs.password }}" }

      """, to: "register.yaml")
    try await DeafPort.held { port in
      for options in [[], saved] {
        let ended = try await plan("http://127.0.0.1:\(port)", options)
        #expect(ended.status == 5)
        #expect(ended.errors.contains("it was not saved") == !options.isEmpty)
      }
    }
    try await HostileServer.serving { _ in
      .whole(401, "{}")
    } body: { server in
      for options in [[], saved] {
        let ended = try await plan(server.address, options)
        #expect(ended.status == 1)
        #expect(ended.errors.contains("it was not saved") == !options.isEmpty)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/a.plan"))
  }

  @Test(arguments: ["plain", "pretty", "json"])
  func `a service that echoes a secret does not get it into the output or the journal`(
    output: String
  ) async throws {
    let password = Self.password
    let forms = [password, "planted%2FPassword%269f3a", #"planted\/Password&9f3a"#]
    let echo = forms.joined(separator: " and ")
    try await HostileServer.serving { request in
      request.hasPrefix("POST")
        ? .whole(422, #"{"errors":{"password":["\#(echo) is weak"]}}"#) : .json("{}")
    } body: { server in
      let ended = try await run(server, output)
      #expect(ended.status == 1)
      #expect(ended.output.contains("is weak"), "\(ended.output)")
      let journal = try folder.bytes(below: ".privirun")
      let shown = try await Program.run("show", "", in: folder.path)
      for secret in forms {
        for text in [ended.output, ended.errors, shown.output, shown.errors] {
          #expect(!text.contains(secret))
        }
        for (name, bytes) in journal {
          #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
      }
    }
  }
}
