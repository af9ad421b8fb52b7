import Foundation
import Testing

/// Keys of tenants: what does not fit is noticed before anything is written.
@Suite("Keys of tenants, against a sandbox in another process", .timeLimit(.minutes(20)))
struct KeyKeepingTests {
  private static let password = "planted-Password-9f3a"
  private static let keys = ".privirun/keys"
  private static let other = String(repeating: "7e", count: 32)
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("hello", to: "doc.txt")
  }

  private func run(
    _ workflow: String, _ sandbox: SeparateSandbox, _ inputs: [String: String] = [:],
    as username: String = "a@example.com"
  ) async throws -> (status: Int32, outputs: [String: Any], output: String) {
    let inputs = inputs.merging(["username": username, "password": "env:P"]) { $1 }
    let ended = try await Program.run(
      ["run", "\(PackageFiles.workflows)/\(workflow)", "--output", "json"]
        + inputs.sorted { $0.key < $1.key }.flatMap { ["--input", "\($0.key)=\($0.value)"] },
      in: folder.path, environment: sandbox.environment.merging(["P": Self.password]) { $1 })
    let outputs = try JSONLines.objects(ended.output).last?["outputs"] as? [String: Any]
    return (ended.status, outputs ?? [:], ended.output + ended.errors)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(path)", encoding: .utf8)
  }

  /// Writes the files of a folder of keys; without a text there is none.
  private func keep(_ privateKey: String?, _ dataKey: String?, in keys: String) throws {
    for (text, ending) in [(privateKey, "key"), (dataKey, "data-key")] {
      let path = "\(keys)/a@example.com.\(ending)"
      try? FileManager.default.removeItem(atPath: "\(folder.path)/\(path)")
      guard let text else { continue }
      try folder.write(text, to: path)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: "\(folder.path)/\(path)")
    }
  }

  /// The effects that were had since, but those of sessions.
  private func effects(
    _ sandbox: SeparateSandbox, since before: [String: Int]
  ) async throws -> [String: Int] {
    try await sandbox.ledger().effects.filter {
      before[$0.key] != $0.value && $0.key != "profile.authenticate"
        && !$0.key.hasPrefix("websockets.")
    }
  }

  @Test func `keys that do not fit are noticed before anything is written`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let onboarded = try await run("onboard-tenant.yaml", sandbox)
      #expect(onboarded.status == 0)
      let token = try #require(onboarded.outputs["token"] as? String)
      let (own, data) = (
        try text("\(Self.keys)/a@example.com.key"), try text("\(Self.keys)/a@example.com.data-key")
      )
      let note = own.split(separator: "\n").last ?? ""
      let before = try await sandbox.ledger().effects
      let stranger = "is not the private key of the public key that is registered for"
      for (privateKey, dataKey, message) in [
        ("\(Self.other)\n\(note)\n", data, stranger),
        (own, Self.other, "is not the data key that belongs to the private key"),
        (own, nil, "the key file `k/a@example.com.data-key` does not exist"),
        (nil, data, "the key file `k/a@example.com.key` does not exist"),
        (nil, nil, "do not exist"),
      ] as [(String?, String?, String)] {
        try keep(privateKey, dataKey, in: "k")
        for (workflow, inputs) in [
          ("onboard-tenant.yaml", [:]), ("store-file.yaml", ["file": "doc.txt"]),
          ("update-data.yaml", ["token": token, "document": "doc.txt"]),
        ] as [(String, [String: String])] {
          let refused = try await run(workflow, sandbox, inputs.merging(["keyFolder": "k"]) { $1 })
          #expect(refused.status == 1, "\(workflow) \(message)")
          let isOnboarding = workflow == "onboard-tenant.yaml"
          let expected =
            switch message {
            case stranger where isOnboarding: "it differs, and is never replaced"
            case "do not exist" where !isOnboarding: "does not exist"
            default: message
            }
          #expect(refused.output.contains(expected), "\(workflow): \(refused.output)")
          #expect(!refused.output.contains(Self.other))
        }
        for (text, ending) in [(privateKey, "key"), (dataKey, "data-key")] {
          #expect((try? self.text("k/a@example.com.\(ending)")) == text)
        }
      }
      #expect(try await effects(sandbox, since: before) == [:])
    }
  }

  @Test func `after a rotation the new key is where the other workflows look`() async throws {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await run("onboard-tenant.yaml", sandbox).status == 0)
      let old = try text("\(Self.keys)/a@example.com.key")
      for isChanged in [true, false] {
        let rotated = try await run("rotate-key.yaml", sandbox, ["keyFile": "new.key"])
        #expect(rotated.status == 0)
        #expect(rotated.outputs["changed"] as? Bool == isChanged)
        #expect(try text("\(Self.keys)/a@example.com.key") == text("new.key"))
        #expect(try text("\(Self.keys)/a@example.com.key.old") == old)
      }
      #expect(try text("new.key").split(separator: "\n").last == old.split(separator: "\n").last)
      #expect(try await run("store-file.yaml", sandbox, ["file": "doc.txt"]).status == 0)
      let before = try await sandbox.ledger().effects
      #expect(try await run("onboard-tenant.yaml", sandbox).status == 0)
      #expect(try await effects(sandbox, since: before) == [:])
    }
  }

  @Test func `a lost private key is made anew by a rotation, and a lost data key stops it`()
    async throws
  {
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      #expect(try await run("onboard-tenant.yaml", sandbox).status == 0)
      let data = try text("\(Self.keys)/a@example.com.data-key")
      let own = try text("\(Self.keys)/a@example.com.key")
      try keep(own, nil, in: Self.keys)
      let refused = try await run("rotate-key.yaml", sandbox, ["keyFile": "new.key"])
      #expect(refused.status == 1)
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/new.key"))
      try keep(nil, data, in: Self.keys)
      #expect(try await run("rotate-key.yaml", sandbox, ["keyFile": "new.key"]).status == 0)
      #expect(try text("\(Self.keys)/a@example.com.key") == text("new.key"))
      #expect(try text("\(Self.keys)/a@example.com.data-key") == data)
      #expect(try await run("store-file.yaml", sandbox, ["file": "doc.txt"]).status == 0)
    }
  }

  private static let profile = """
    playbook: 1
    name: profile
    inputs: { username: { type: string }, password: { type: secret } }
    steps:
      - call: profile.register-new-profile
        with: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
        session: none

    """

  /// What an interrupted onboarding may have left before the key was registered.
  @Test(
    arguments: [
      (nil, nil, 0), (nil, other, 0), (other, other, 0), (other, nil, 1),
    ] as [(String?, String?, Int32)])
  func `keys that were made before the key was registered are used again`(
    _ privateKey: String?, _ dataKey: String?, _ status: Int32
  ) async throws {
    try folder.write(Self.profile, to: "profile.yaml")
    try await SeparateSandbox.serving("--delay", "0", in: folder.path) { sandbox in
      let registered = try await Program.run(
        ["run", "profile.yaml", "--input", "username=a@example.com", "--input", "password=env:P"],
        in: folder.path, environment: sandbox.environment.merging(["P": Self.password]) { $1 })
      #expect(registered.status == 0)
      try keep(privateKey, dataKey, in: Self.keys)
      #expect(try await run("onboard-tenant.yaml", sandbox).status == status)
      for (text, ending) in [(privateKey, "key"), (dataKey, "data-key")] {
        let found = try? self.text("\(Self.keys)/a@example.com.\(ending)")
        if let text { #expect(found == text) }
        #expect((found != nil) == (text != nil || status == 0))
      }
    }
  }
}
