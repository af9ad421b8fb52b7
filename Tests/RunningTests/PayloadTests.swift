import Cryptography
import Expressions
import Machine
import Operations
import Running
import Synchronization
import Testing

@Suite("Payloads between files and the network")
struct PayloadTests {
  private static let key = [UInt8](repeating: 7, count: 32)
  private static let keySecret = Secret(Hexadecimal.encode(key))
  private static let piece = PayloadSource.pieceCount
  private static let sizes = [0, 1, 15, 16, 17, piece - 1, piece, piece + 1, 3 * piece + 5]

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
  }

  private static func upload(_ files: FilesInMemory, key: Secret? = keySecret) throws
    -> PayloadTransfer
  {
    var request = APIRequest(endpoint: .upstream, method: "POST", path: "/")
    request.content = .file(FileUpload(path: "in", key: key))
    return try files.actions.transfer(for: request)
  }

  private static func download(_ files: FilesInMemory, key: Secret? = keySecret) throws
    -> PayloadTransfer
  {
    var request = APIRequest(endpoint: .downstream, method: "GET", path: "/")
    request.download = FileDownload(path: "out", key: key)
    return try files.actions.transfer(for: request)
  }

  @Test(arguments: sizes, [true, false])
  func `a file goes out in bounded pieces and comes in again`(_ size: Int, _ seals: Bool) throws {
    let files = FilesInMemory(["in": Self.bytes(size)])
    let key = seals ? Self.keySecret : nil
    let source = try #require(try Self.upload(files, key: key).source)
    let transfer = try Self.download(files, key: key)
    let sink = try #require(transfer.sink)
    var count = 0
    while let piece = try source.next() {
      #expect(piece.count <= Self.piece + Envelope.overhead)
      count += piece.count
      try sink.write(piece)
    }
    #expect(count == source.count)
    #expect(count == size + (seals ? Envelope.overhead : 0))
    #expect(files.all["out"] == nil)
    let answer = try transfer.concluded(APIResponse(status: 200))
    #expect(
      answer.content
        == .file(
          ReceivedFile(file: LocalFile(path: "out", size: size), byteCount: count)))
    #expect(files.all == ["in": Self.bytes(size), "out": Self.bytes(size)])
  }

  @Test func `what goes out is an envelope, under another IV in each attempt`() throws {
    let files = FilesInMemory(["in": Self.bytes(1000)])
    let first = try Self.upload(files).wholeBody()
    let second = try Self.upload(files).wholeBody()
    #expect(try Envelope.open(first, key: Self.key) == Self.bytes(1000))
    #expect(try Envelope.open(second, key: Self.key) == Self.bytes(1000))
    #expect(first.prefix(12) != second.prefix(12))
  }

  @Test(arguments: [-1, 1, -Self.piece - 1])
  func `a file that changes its size while it is read ends the transfer`(_ change: Int) throws {
    let files = FilesInMemory(["in": Self.bytes(2 * Self.piece)])
    files.growth = change
    let source = try #require(try Self.upload(files).source)
    let failure = #expect(throws: PayloadFailure.self) { while try source.next() != nil {} }
    #expect(failure?.message == "`in` changed its size while it was read")
  }

  @Test(arguments: [0, 11, 12, 500, 1011, 1027])
  func `what was altered anywhere leaves no file`(_ offset: Int) throws {
    let files = FilesInMemory()
    var sealed = try Envelope.seal(
      Self.bytes(1000), key: Self.key, iv: [UInt8](repeating: 1, count: 12))
    sealed[offset] ^= 4
    let failure = #expect(throws: PayloadFailure.self) {
      try Self.download(files).received(APIResponse(status: 200, body: sealed))
    }
    #expect(failure == .envelope(.notAuthentic))
    #expect(files.all == [:])
  }

  @Test(arguments: [0, 12, 27, 28, 1027])
  func `what was cut leaves no file`(_ count: Int) throws {
    let files = FilesInMemory()
    let sealed = try Envelope.seal(
      Self.bytes(1000), key: Self.key, iv: [UInt8](repeating: 1, count: 12))
    #expect(throws: PayloadFailure.self) {
      try Self.download(files).received(APIResponse(status: 200, body: Array(sealed[..<count])))
    }
    #expect(files.all == [:])
  }

  @Test func `another key leaves the file that was there`() throws {
    let files = FilesInMemory(["out": [1, 2, 3]])
    let sealed = try Envelope.seal(
      Self.bytes(10), key: Self.key, iv: [UInt8](repeating: 1, count: 12))
    let other = Secret(String(repeating: "0", count: 64))
    #expect(throws: PayloadFailure.envelope(.notAuthentic)) {
      try Self.download(files, key: other).received(APIResponse(status: 200, body: sealed))
    }
    #expect(files.all == ["out": [1, 2, 3]])
  }

  @Test func `a refused download leaves no file and keeps its body`() throws {
    let files = FilesInMemory()
    let refusal = APIResponse(status: 404, body: Array("gone".utf8))
    #expect(try Self.download(files).received(refusal) == refusal)
    #expect(files.all == [:])
  }

  @Test(arguments: [0, 100, Self.piece + 100])
  func `a full disk leaves no file`(_ space: Int) throws {
    let files = FilesInMemory()
    files.space = space
    let sealed = try Envelope.seal(
      Self.bytes(2 * Self.piece), key: Self.key, iv: [UInt8](repeating: 1, count: 12))
    let failure = #expect(throws: PayloadFailure.self) {
      try Self.download(files).received(APIResponse(status: 200, body: sealed))
    }
    #expect(failure == .file(LocalFailure("`out` cannot be written: disk full")))
    #expect(files.all == [:])
  }

  @Test func `a transfer that is given up moves nothing more and leaves nothing`() throws {
    let files = FilesInMemory(["in": Self.bytes(10)])
    let upload = try Self.upload(files)
    upload.abandon()
    #expect(throws: PayloadFailure.abandoned) { try upload.source?.next() }
    let download = try Self.download(files)
    try download.sink?.write([1])
    download.abandon()
    #expect(throws: PayloadFailure.abandoned) { try download.sink?.write([2]) }
    #expect(throws: PayloadFailure.abandoned) { try download.sink?.finish() }
    #expect(files.all == ["in": Self.bytes(10)])
  }

  @Test func `a key that is none is refused before a file is touched`() throws {
    let files = FilesInMemory(["in": [1]])
    let secret = Secret("planted-key")
    for attempt in [Self.upload, Self.download]
      as [(FilesInMemory, Secret?) throws -> PayloadTransfer]
    {
      let failure = #expect(throws: PayloadFailure.self) { try attempt(files, secret) }
      #expect(failure?.message == "`key` must be 64 hex characters")
    }
    #expect(files.all == ["in": [1]])
  }

  @Test(arguments: [0, 1, Self.piece + 1])
  func `local actions encrypt and decrypt from file to file`(_ size: Int) throws {
    let files = FilesInMemory(["in": Self.bytes(size)])
    let key = Value.secret(Self.keySecret)
    let sealed = try files.actions.perform(
      .encryptData, ["file": "in", "key": key, "to": "sealed"])
    #expect(sealed.fields["size"] == .int(Int64(size)))
    #expect(sealed.fields["data"] == nil)
    #expect(try Envelope.open(files.all["sealed"] ?? [], key: Self.key) == Self.bytes(size))
    let opened = try files.actions.perform(
      .decryptData, ["file": sealed.fields["file"] ?? .null, "key": key, "to": "out"])
    #expect(opened.fields["size"] == .int(Int64(size)))
    #expect(files.all["out"] == Self.bytes(size))
    let digest = try files.actions.perform(.digestFile, ["file": opened.fields["file"] ?? .null])
    #expect(
      try digest.fields["sha256"]
        == .string(Hexadecimal.encode(SHA256.digest(of: Self.bytes(size)))))
    #expect(digest.fields["size"] == .int(Int64(size)))
  }

  @Test func `a local action that fails leaves no file`() throws {
    let files = FilesInMemory(["sealed": Self.bytes(100)])
    let key = Value.secret(Self.keySecret)
    for arguments: ValueMap in [
      ["file": "sealed", "key": key, "to": "out"], ["file": "none", "key": key, "to": "out"],
      ["data": .bytes(Self.bytes(40)), "key": key, "to": "out"],
    ] {
      #expect(throws: LocalFailure.self) { try files.actions.perform(.decryptData, arguments) }
    }
    #expect(throws: LocalFailure.self) {
      try files.actions.perform(.encryptData, ["file": "none", "key": key, "to": "out"])
    }
    #expect(files.all == ["sealed": Self.bytes(100)])
  }
}
