import Expressions
import Operations
import Playbooks
import Testing

@Suite struct FileRequestTests {
  private static let upload = "data-token.upstream-file-via-stream-auth"
  private static let download = "data-token.download-data"
  private static let key = Secret("planted-key")
  private static let file: Value = [
    "path": "in/a.bin", "name": "a.bin", "extension": "bin", "size": 5,
  ]

  @Test(arguments: [file, "in/a.bin"])
  func `a file stands for the bytes that go out`(_ file: Value) throws {
    let request = try Embedded.request(
      Self.upload, ["auth": "v", "file": file, "key": .secret(Self.key)])
    #expect(request.content == .file(FileUpload(path: "in/a.bin", key: Self.key)))
    #expect(request.body == [])
    #expect(request.download == nil)
    #expect(request.query == [HTTPField("auth", "v")])
    #expect(!"\(request)".contains("planted-key"))
    let plain = try Embedded.request(Self.upload, ["auth": "v", "file": file])
    #expect(plain.content == .file(FileUpload(path: "in/a.bin")))
  }

  @Test func `the data of a download goes where the call says`() throws {
    let request = try Embedded.request(
      Self.download, ["auth": "v", "to": "out/a.bin", "key": .secret(Self.key)])
    #expect(request.download == FileDownload(path: "out/a.bin", key: Self.key))
    #expect(try Embedded.request(Self.download, ["auth": "v"]).download == nil)
  }

  @Test func `the file of a call whose data a message brings is named, and not sent`() throws {
    let operation = try Embedded.operation("data-token.request-data-via-token")
    let arguments: ValueMap = ["token": "t", "to": Self.file, "key": .secret(Self.key)]
    let request = try Embedded.request("data-token.request-data-via-token", arguments)
    #expect(request.body == Array("token=t".utf8))
    #expect(request.download == nil)
    #expect(operation.download(arguments) == FileDownload(path: "in/a.bin", key: Self.key))
  }

  @Test(
    arguments: [
      (upload, ["auth": "v"], .needsOne(of: ["body", "file"])),
      (upload, ["auth": "v", "body": "x", "file": "f"], .needsOne(of: ["body", "file"])),
      (upload, ["auth": "v", "body": "x", "key": "k"], .needsOther(field: "key", other: "file")),
      (
        upload, ["auth": "v", "file": 5],
        .objection(field: "file", .wrongType(expected: "an input of type file, or a path"))
      ),
      (download, ["auth": "v", "key": "k"], .needsOther(field: "key", other: "to")),
    ] as [(String, ValueMap, RequestError)])
  func `files that do not go together are refused before anything is sent`(
    id: String, arguments: ValueMap, error: RequestError
  ) {
    #expect(throws: error) { try Embedded.request(id, arguments) }
  }
}
