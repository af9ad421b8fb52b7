import FoundationEssentials
import Glibc
import Sandbox
import Testing

/// What earlier sandboxes left in the temporary folder.
struct PayloadFolderTests {
  private static let parent = FileManager.default.temporaryDirectory.appending(
    path: "privirun-folders-\(UInt64.random(in: 0 ... .max))"
  ).path

  private static func make(_ folder: String, _ files: [String]) throws {
    let path = "\(parent)/\(folder)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: nil)
    for file in files {
      _ = FileManager.default.createFile(atPath: "\(path)/\(file)", contents: nil)
    }
  }

  @Test func `the folder of a killed sandbox is removed, one in use or of somebody else is not`()
    async throws
  {
    try Self.make("privirun-sandbox-killed", ["lock", "1", "2"])
    try Self.make("privirun-sandbox-living", ["lock", "1"])
    try Self.make("privirun-sandbox-early", ["1"])
    try Self.make("elsewhere", ["lock", "1"])
    defer { try? FileManager.default.removeItem(atPath: Self.parent) }
    let lock = open("\(Self.parent)/privirun-sandbox-living/lock", O_RDWR | O_CLOEXEC)
    #expect(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    defer { close(lock) }
    var configuration = SandboxConfiguration(seed: 7)
    configuration.payloadFolder = Self.parent
    try await SandboxServer.withServer(configuration) { _ in }
    let left = try FileManager.default.contentsOfDirectory(atPath: Self.parent).sorted()
    #expect(left == ["elsewhere", "privirun-sandbox-early", "privirun-sandbox-living"])
  }
}
