import Planning
import Testing

/// Files of this machine as inputs see them.
@Suite struct LiveSourcesTests {
  private static let sources = InputSources.live(environment: ["A": "1"])
  private static let sample = "\(PackageFiles.root)/workflows/samples/contract.txt"

  @Test func `a file has its size and its bytes`() throws {
    let text = try PackageFiles.text("workflows/samples/contract.txt")
    #expect(try Self.sources.size(Self.sample) == text.utf8.count)
    #expect(try Self.sources.read(Self.sample, 1 << 16) == Array(text.utf8))
  }

  @Test(arguments: [
    ("\(PackageFiles.root)/workflows", InputSources.FileFlaw.directory),
    ("\(PackageFiles.root)/no-such-file", .missing),
    ("\(sample)/below", .missing),
  ])
  func `each kind of unreadable file is distinguished`(
    _ path: String, _ flaw: InputSources.FileFlaw
  ) {
    #expect(throws: flaw) { try Self.sources.size(path) }
    #expect(throws: flaw) { try Self.sources.read(path, 1 << 16) }
  }

  @Test func `the path of an input must be a file's, though a secret may come from a device`()
    throws
  {
    #expect(throws: InputSources.FileFlaw.unreadable("it is not a regular file")) {
      try Self.sources.size("/dev/null")
    }
    #expect(try Self.sources.read("/dev/null", 8) == [])
    #expect(throws: InputSources.FileFlaw.tooLarge(limit: 8)) {
      try Self.sources.read("/dev/zero", 8)
    }
  }

  @Test func `a file over the limit is not read`() {
    #expect(throws: InputSources.FileFlaw.tooLarge(limit: 8)) {
      try Self.sources.read(Self.sample, 8)
    }
  }

  @Test func `the environment is the one that was given`() {
    #expect(Self.sources.environment("A") == "1")
    #expect(Self.sources.environment("PATH") == nil)
  }
}
