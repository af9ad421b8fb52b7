import Foundation
import Testing

@Suite("Loops over pages against the sandbox", .timeLimit(.minutes(20)))
struct PageJourneyTests {
  private static let playbook = """
    playbook: 1
    name: pages
    inputs:
      password: { type: secret }
      document: { type: file, default: samples/contract.txt }
    session: { username: a@example.com, password: "${{ inputs.password }}" }
    steps:
      - call: profile.register-new-profile
        with: { username: a@example.com, password: "${{ inputs.password }}" }
        session: none
      - id: made
        call: keys.generate
        with: { privateKeyFile: keys/private, dataKeyFile: keys/data, tag: "31420500" }
      - call: public-key.register-public-key
        with: { publicKey: "${{ steps.made.publicKey }}" }
      - play: lib/ensure-device.yaml
        with: { name: vault-a, role: storage }
      - for-each: [1, 2, 3, 4, 5]
        steps:
          - play: lib/store-file.yaml
            with:
              { file: "${{ inputs.document }}", context: c, key: "${{ steps.made.dataKey }}" }
      - id: stored
        for-each:
          call: data-token.list-data-tokens
          with: { page: "${{ next }}", perPage: 2 }
          items: ${{ answer.tokens.map(t, t.token) }}
          next: "${{ answer.tokens == [] ? null : next == null ? 2 : next + 1 }}"
        as: token
        concurrency: 2
        steps:
          - play: lib/delete-data.yaml
            with: { token: "${{ token }}" }
      - id: left
        call: data-token.list-data-tokens
    outputs:
      deleted: ${{ size(steps.stored) }}
      left: ${{ size(steps.left.tokens) }}
    """

  /// The steps that ended, in their order.
  private static func ended(_ lines: [[String: Any]]) -> [String] {
    lines.compactMap { line in
      line["type"] as? String == "step-finished" ? line["step"] as? String : nil
    }
  }

  @Test func `a run reads all pages of a list, and then goes through their elements`()
    async throws
  {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: PackageFiles.workflows, toPath: "\(folder.path)/books")
    try folder.write(Self.playbook, to: "books/pages.yaml")
    let run = try await Program.run(
      [
        "run", "books/pages.yaml", "--sandbox", "--input", "password=env:P", "--output", "json",
      ], in: folder.path, environment: ["P": "planted-Password-9f3a"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = try JSONLines.objects(run.output)
    let outputs = lines.last?["outputs"] as? [String: Int]
    #expect(outputs == ["deleted": 5, "left": 0])
    let steps = Self.ended(lines).filter { $0.hasPrefix("stored") }
    #expect(
      steps.prefix(4) == ["stored/page-1", "stored/page-2", "stored/page-3", "stored/page-4"])
    #expect(steps.count { $0.hasPrefix("stored[") && $0.hasSuffix("/deletion") } == 5)
    #expect(steps.last == "stored")
  }
}
