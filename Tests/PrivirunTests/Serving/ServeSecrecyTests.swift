import Foundation
import Glibc
import Testing

/// What a daemon writes down, when everything that it reads is full of secrets.
@Suite struct ServeSecrecyTests {
  /// How somebody could have written a secret where it does not belong.
  enum Spelling: CaseIterable {
    case plain, percentEncoded, base64, hexadecimal

    func text(_ secret: String) -> String {
      switch self {
      case .plain: secret
      case .percentEncoded: secret.utf8.map { "%" + Self.hexadecimal($0) }.joined()
      case .base64: Data(secret.utf8).base64EncodedString()
      case .hexadecimal: secret.utf8.map(Self.hexadecimal).joined()
      }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }

  private static let key = "pk-4fQ7-key"
  private static let signature = "hm-9Zt2-mac"
  private static let proxy = "px-7Lw5-way"
  private static let tenant = "tn-1Vb8-own"

  private static let playbook = """
    playbook: 1
    name: kinds
    inputs: { size: { type: integer }, key: { type: secret }, password: { type: secret } }
    steps: [{ id: check, assert: "${{ inputs.size > 0 }}" }]

    """

  /// The first notification that is delivered ends the daemon.
  private static let keys = """
    inputs: { key: env:PLANTED_KEY }
    allow-commands: { keep: [sh, -c, "{ cat; echo; } >> notes.jsonl; kill $PPID"] }
    notify: [{ command: keep }, { post: "http://127.0.0.1:9/hook", secret: file:hook.txt }]
    """

  @Test(arguments: Spelling.allCases.indices)
  func `a secret in a wrong place is neither logged, recorded nor notified of`(
    index: Int
  ) async throws {
    let spelling = Spelling.allCases[index]
    let secrets = [Self.key, Self.signature, Self.proxy, Self.tenant]
    let planted = secrets.map(spelling.text)
    let served = try ServedFolder([], Self.keys)
    try served.folder.write(Self.playbook, to: "kinds.yaml")
    try served.folder.write(Self.signature + "\n", to: "hook.txt")
    // The first of them is in the ledger's reason.
    let cells = planted[index...] + planted[..<index]
    let rows = cells.enumerated().map { "t\($0.offset),\($0.element),env:PLANTED_t0\n" }
    try served.folder.write("name,size,password\n" + rows.joined(), to: "tenants.csv")
    var rollouts = served.rollouts
    rollouts.environment = [
      "PRIVICORE_API_URL": "http://127.0.0.1:9", "PLANTED_KEY": Self.key,
      "PLANTED_t0": Self.tenant, "HTTP_PROXY": "http://user:\(Self.proxy)@127.0.0.1:9",
    ]
    let daemon = try await rollouts.run(
      "serve", "rollout.yaml", "--listen", "none", "--log-level", "debug")
    let history = try await rollouts.run(
      "schedule", "history", "kinds", "--output", "json", "--limit", "1000")
    let notes = try String(contentsOfFile: "\(served.folder.path)/notes.jsonl", encoding: .utf8)
    for text in [daemon.errors, history.output, notes] {
      #expect(text.contains("the input `size` must be an integer, not `•••`"), "\(text)")
      for secret in secrets + planted { #expect(!text.contains(secret), "\(text)") }
    }
  }

  @Test func `a secret that was replaced in its file is hidden when the next start fails`()
    async throws
  {
    let served = try ServedFolder([], "inputs: { key: file:key.txt }")
    let playbook = Self.playbook.replacing(", password: { type: secret }", with: "")
    try served.folder.write(playbook, to: "kinds.yaml")
    try served.folder.write("name,size\nt0,1\n", to: "tenants.csv")
    try served.folder.write(Self.signature, to: "key.txt")
    let daemon = try served.serve()
    _ = try await daemon.entry("rollout ended")
    try served.folder.write(Self.key, to: "key.txt")
    try served.folder.write("name,size\nt0,\(Self.key)\n", to: "tenants.csv")
    var reason = ""
    while !reason.contains("must be an integer") {
      let fields = try await daemon.entry("the rollout could not be started")
      reason = try #require(fields["reason"] as? String)
    }
    #expect(reason.contains("the input `size` must be an integer, not `•••`"), "\(reason)")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }
}
