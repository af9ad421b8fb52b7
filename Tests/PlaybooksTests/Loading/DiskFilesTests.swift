import Diagnostics
import Foundation
import Playbooks
import Testing

struct DiskFilesTests {
  /// A folder that is gone after `body`.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "playbook-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func `a file is read, listed and resolved`() throws {
    try withFolder { folder in
      let file = folder.appending(path: "a.yaml")
      try Data("playbook: 1".utf8).write(to: file)
      let link = folder.appending(path: "b.yaml")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      let files = PlaybookFiles.disk
      #expect(try files.read(file.path(), 11) == Array("playbook: 1".utf8))
      #expect(throws: PlaybookFiles.Problem.tooLarge) { try files.read(file.path(), 10) }
      #expect(files.names(folder.path()) == ["a.yaml", "b.yaml"])
      #expect(try files.resolve(link.path()) == files.resolve(file.path()))
      #expect(throws: PlaybookFiles.Problem.missing) { try files.resolve(file.path() + ".no") }
      #expect(throws: PlaybookFiles.Problem.missing) { try files.resolve(file.path() + "\0") }
      #expect(throws: PlaybookFiles.Problem.missing) { try files.read(file.path() + "/x", 1) }
      #expect(files.names(file.path()) == nil)
    }
  }

  @Test(arguments: ["/", "/dev/zero", "/dev/null"])
  func `what is no regular file is refused`(path: String) {
    #expect(throws: PlaybookFiles.Problem.notAFile) { try PlaybookFiles.disk.read(path, 100) }
  }

  @Test func `a pipe is refused without waiting for a writer`() throws {
    try withFolder { folder in
      let pipe = folder.appending(path: "pipe").path()
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(throws: PlaybookFiles.Problem.notAFile) { try PlaybookFiles.disk.read(pipe, 100) }
    }
  }

  @Test func `a stream is read once, as a file of the current folder`() throws {
    try withFolder { folder in
      let pipe = folder.appending(path: "pipe").path()
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(PlaybookFiles.isStream(pipe))
      let writer = Thread {
        try? Data("playbook: 1\nsteps: [ { wait: 1x } ]\n".utf8)
          .write(to: URL(filePath: pipe), options: [])
      }
      writer.start()
      let files = PlaybookFiles.disk.reading(streamAt: pipe)
      var texts = SourceTexts()
      let loaded = try PlaybookLoader(files: files).load(PlaybookFiles.streamName, texts: &texts)
      #expect(
        loaded.diagnostics.elements.map(\.location) == [
          SourceLocation(file: "stdin", line: 2, column: 18, length: 2)
        ])
      let again = try files.read(try files.resolve(PlaybookFiles.streamName), 100)
      #expect(again.count == 36)
    }
  }

  @Test(arguments: [("-", true), ("/dev/null", true), ("/", false), ("/dev/null/x", false)])
  func `standard input and what is neither a file nor a folder are streams`(
    path: String, isStream: Bool
  ) {
    #expect(PlaybookFiles.isStream(path) == isStream)
  }
}
