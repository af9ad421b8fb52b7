import Playbooks
import Testing

/// The inputs of a file, for who completes a command line.
@Suite struct DeclaredInputsTests {
  private static func files(_ texts: [String: String]) -> PlaybookFiles {
    PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        let place = path.hasPrefix("/") ? path : "/work/\(path)"
        guard texts[place] != nil else { throw .missing }
        return place
      },
      read: { path, _ throws(PlaybookFiles.Problem) in Array((texts[path] ?? "").utf8) },
      names: { _ in nil })
  }

  private static let playbook =
    "playbook: 1\ninputs:\n  username: { type: string }\n  password: secret\nsteps: []\n"

  @Test(arguments: [
    ("a.yaml", ["username", "password"]), ("plain.yaml", []),
    ("rollout.yaml", ["username", "password"]),
    ("inputs.yaml", nil), ("broken.yaml", nil), ("missing.yaml", nil), ("loop.yaml", []),
  ])
  func `they are those of a playbook, or of the playbook that a rollout file runs`(
    path: String, names: [String]?
  ) {
    let files = Self.files([
      "/work/a.yaml": Self.playbook, "/work/plain.yaml": "playbook: 1\nsteps: []\n",
      "/work/rollout.yaml": "rollout: 1\nplaybook: a.yaml\n",
      "/work/inputs.yaml": "username: alice\n", "/work/broken.yaml": "steps: [\n",
      "/work/loop.yaml": "rollout: 1\nplaybook: loop.yaml\n",
    ])
    #expect(DeclaredInputs(at: path, in: files)?.names == names)
  }

  @Test func `a playbook of a call is found in no folder, and is no file that changed`() throws {
    let recording = FileRecording(of: PlaybookFiles.disk.holding(call: "playbook: 1\n"))
    let place = try recording.files.resolve(PlaybookFiles.callName)
    #expect(try recording.files.read(place, 100) == Array("playbook: 1\n".utf8))
    #expect(throws: PlaybookFiles.Problem.tooLarge) { try recording.files.read(place, 3) }
    #expect(recording.recorded.changed(from: .disk) == [])
  }
}
