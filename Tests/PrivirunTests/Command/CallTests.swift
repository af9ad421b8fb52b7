import Foundation
import Testing

/// `call`: one operation, recorded like a run of one step.
@Suite("Single calls", .timeLimit(.minutes(20)))
struct CallTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let secrets = ["P": "planted-password-77"]
  private static let session = ["--username", "alice@example.com", "--password", "env:P"]

  private func call(
    _ arguments: [String], environment: [String: String] = secrets
  ) async throws -> Ended {
    try await Program.run(["call"] + arguments, in: folder.path, environment: environment)
  }

  @Test func `a call needs no more than the operation, and is a run of its name`() async throws {
    let ended = try await call(["utility.check-server-health", "--sandbox"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("utility.check-server-health: run "))
    #expect(ended.output.contains("\n  status = "))
    let runs = try await Program.run("runs", in: folder.path)
    #expect(runs.output.contains("utility.check-server-health"))
    let shown = try await Program.run("show", "latest", in: folder.path)
    #expect(shown.output.contains("GET /health"))
  }

  @Test func `a session is opened, and what is ensured is there afterwards`() async throws {
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let environment = sandbox.environment.merging(Self.secrets) { $1 }
      let profile = try await call(
        [
          "profile.register-new-profile", "--with", "username=alice@example.com", "--with",
          "password=env:P", "--ensure", "present",
        ], environment: environment)
      #expect(profile.status == 0, "\(profile)")
      let key = try await call(
        ["public-key.generate-your-private-and-public-keys", "--output", "json"],
        environment: environment)
      let end = try #require(key.output.split(separator: "\n").last)
      let record = try #require(
        JSONSerialization.jsonObject(with: Data(end.utf8)) as? [String: Any])
      let outputs = try #require(record["outputs"] as? [String: Any])
      let publicKey = try #require(outputs["publicKey"] as? String)
      let registered = try await call(
        ["public-key.register-public-key", "--with", "publicKey=\(publicKey)"] + Self.session,
        environment: environment)
      #expect(registered.status == 0, "\(registered)")
      let wanted =
        ["device.request-unique-identifier", "--ensure", "present", "--with", "deviceName=vault-a"]
        + Self.session
      let first = try await call(wanted, environment: environment)
      #expect(first.output.contains("\n  changed = true"))
      let second = try await call(wanted, environment: environment)
      #expect(second.output.contains("\n  changed = false"))
      for ended in [profile, registered, first, second] {
        #expect(!(ended.output + ended.errors).contains("planted-password-77"))
      }
    }
  }

  @Test func `a sandbox of its own has the profile that the call acts for`() async throws {
    let ended = try await call(
      ["device.retrieve-profile-devices", "--sandbox"] + Self.session)
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.output.contains("\n  devices = []"))
  }

  @Test func `a local action is called without a service`() async throws {
    try folder.write("text", to: "a.txt")
    let ended = try await call(["file.digest", "--with", "file=a.txt"])
    #expect(ended.status == 0)
    #expect(ended.output.contains("\n  size = 4"))
  }

  @Test func `fields come from files too, and the command line counts more`() async throws {
    try folder.write("file: none.txt\n", to: "fields.yaml")
    try folder.write("text", to: "a.txt")
    let ended = try await call([
      "file.digest", "--with-file", "fields.yaml", "--with", "file=a.txt",
    ])
    #expect(ended.status == 0)
    let missing = try await call(["file.digest", "--with-file", "fields.yaml"])
    #expect(missing.status == 2)
    #expect(missing.errors.contains("the file `none.txt` of the field `file` does not exist"))
  }

  @Test(arguments: [
    (["device.aprove-device"], ["did you mean `device.approve-device`?"]),
    (
      [
        "device.approve-device", "--with", "deviceIdentifer=1", "--username", "a", "--password",
        "clear-1",
      ],
      [
        "`device.approve-device` has no field `deviceIdentifer`",
        "did you mean `deviceIdentifier`?", "the option `--password` is secret",
      ]
    ),
    (
      ["profile.reauthorize-authorization-token", "--with", "ttl=soon"],
      ["the field `ttl` must be an integer, not `soon`"]
    ),
    (
      [
        "data-token.list-data-tokens", "--with", "page=abc", "--with", "perPage=0", "--username",
        "a", "--password", "env:P",
      ],
      [
        "the field `page` must be an integer, not `abc`",
        "the field `perPage` must be at least 1, not 0",
      ]
    ),
    (
      ["device.approve-device"],
      [
        "the field `deviceIdentifier` is missing", "give it with --with deviceIdentifier=STRING",
        "the option `--username` is missing", "give it with --username STRING",
      ]
    ),
    (
      ["device.retrieve-profile-devices", "--ensure", "present"],
      ["`device.retrieve-profile-devices` cannot be ensured to be present"]
    ),
    (
      ["utility.check-server-health", "--username", "a"],
      ["`utility.check-server-health` uses no session, and --username is given"]
    ),
    (
      ["profile.register-new-profile", "--username", "a"], ["give the field as `--with username=…`"]
    ),
    (["websockets.join-channel"], ["`websockets.join-channel` goes over the WebSocket"]),
    (
      ["file.digest", "--with", "file"],
      ["`--with` number 1 is not of the form NAME=VALUE", "for example --with file=PATH"]
    ),
    (
      ["file.digest", "--timeout", "soon", "--with", "x=1"],
      [
        "`--timeout` must be between 1ms and 168h, not `soon`", "`file.digest` has no field `x`",
        "the field `file` is missing",
      ]
    ),
    (
      ["file.digest", "--username", "a", "--access-token", "env:T"],
      ["a session is one or the other"]
    ),
    (["utility.check-server-health"], ["no service address is given"]),
  ])
  func `everything that is wrong is reported at once, and nothing is recorded`(
    arguments: [String], complaints: [String]
  ) async throws {
    let ended = try await call(arguments)
    #expect(ended.status == 2)
    #expect(ended.output == "")
    for complaint in complaints { #expect(ended.errors.contains(complaint), "\(ended.errors)") }
    #expect(!ended.errors.contains("clear-1"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }

  @Test func `a failed call names its operation, and no file that nobody has`() async throws {
    let ended = try await call([
      "profile.authenticate", "--sandbox", "--with", "username=nobody@example.com", "--with",
      "password=env:P",
    ])
    #expect(ended.status == 1)
    let said = ended.output + ended.errors
    #expect(said.contains("  request   profile.authenticate, POST /profile/authenticate\n"))
    #expect(!said.contains("  where") && !said.contains(" of call"))
    let shown = try await Program.run("show", "latest", in: folder.path)
    #expect(!shown.output.contains("  where") && !shown.output.contains("  file "))
  }

  @Test func `an unknown field is reported once, as a field`() async throws {
    let ended = try await call(["utility.check-server-health", "--sandbox", "--with", "x=1"])
    #expect(
      ended
        == Ended(
          status: 2,
          errors: """
            error[P0307]: `utility.check-server-health` has no field `x` [unknown-field]
              hint: it takes none

            """))
  }

  @Test func `a call that could not reach the service is resumed`() async throws {
    let ended = try await call([
      "utility.check-server-health", "--api-url", "http://127.0.0.1:1", "--timeout", "2s",
    ])
    #expect(ended.status == 5)
    try await SeparateSandbox.serving(in: folder.path) { sandbox in
      let api = try #require(sandbox.environment["PRIVICORE_API_URL"])
      let resumed = try await Program.run(
        "resume", "latest", "--api-url", api, in: folder.path)
      #expect(resumed.status == 0, "\(resumed)")
      #expect(!resumed.errors.contains("changed since"))
    }
  }
}
