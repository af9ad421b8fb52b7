package import Cryptography
import Events
package import Expressions
import Files
package import Machine
package import Operations

/// Performs the actions that happen on this machine (design §4).
package struct LocalActions: Sendable {
  /// The largest file or string that is handled whole, in bytes.
  package static let sizeLimit = 64 << 20

  let files: LocalFiles
  private let randomBytes: RandomBytes.Draw
  /// Ends what takes long.
  var interruption = Interruption()
  /// Set while an action is only to report what it would do.
  var dryRun: DryRun?

  /// `randomBytes` makes keys and IVs: in a live run it must be a cryptographic source.
  package init(files: LocalFiles, randomBytes: @escaping RandomBytes.Draw) {
    self.files = files
    self.randomBytes = randomBytes
  }

  /// Performs `action`; the result has the fields of `LocalAction.answer`.
  ///
  /// With a `dryRun` it reads what it would read, and writes nothing: what is not known before is
  /// unknown in the result, and so it may be in `arguments`. Throws `LocalFailure.interrupted` soon
  /// after `interruption` was triggered.
  package func perform(
    _ action: LocalAction, _ arguments: ValueMap, as dryRun: DryRun? = nil,
    until interruption: Interruption = Interruption()
  ) throws(LocalFailure) -> LocalResult {
    var actions = self
    actions.interruption = interruption
    actions.dryRun = dryRun
    return try actions.perform(action, with: arguments)
  }

  private func perform(
    _ action: LocalAction, with arguments: ValueMap
  ) throws(LocalFailure) -> LocalResult {
    try interruption.check()
    return switch action {
    case .generateKeys: try generateKeys(arguments)
    case .loadKeys: try loadKeys(arguments)
    case .generateSecret: try generateSecret(arguments)
    case .encryptData: try encrypt(arguments)
    case .decryptData: try decrypt(arguments)
    case .readFile: try readFile(arguments)
    case .writeFile: try writeFile(arguments)
    case .digestFile: try digest(arguments)
    }
  }

  /// Generates `count` random bytes.
  func random(_ count: Int) throws(LocalFailure) -> [UInt8] {
    do throws(CryptographyFailure) {
      return try randomBytes(count)
    } catch {
      throw LocalFailure(error)
    }
  }
}

/// Files.
extension LocalActions {
  private func readFile(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    guard let file = arguments["file"] else { throw LocalFailure("`file` is missing") }
    if let unknown = try awaited(file: file) {
      return LocalResult(unknown, in: ["data", "text", "size"])
    }
    let bytes = try read(file)
    var fields = Self.fields(of: bytes)
    // Whoever wrote it for its owner alone means that nobody else reads it.
    if let path = LocalFile.path(of: file), isPrivate(path) {
      for name in ["data", "text"] {
        guard let value = fields[name], value != .null else { continue }
        fields[name] =
          bytes.count > Self.longestCredential ? .secret(Secret(payload: value)) : value.hidden
      }
    }
    return LocalResult(fields)
  }

  /// A longer file, in bytes, holds no credential that could turn up in other texts.
  private static let longestCredential = 65_536

  private func isPrivate(_ path: String) -> Bool {
    let replaced = try? files.replaced(path, .secret)
    return replaced.map { !$0.isNarrowed } ?? false
  }

  private func writeFile(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    if let dryRun, let result = try foreseenWrite(arguments, dryRun) { return result }
    guard let path = arguments["path"]?.text, let data = arguments["data"],
      let bytes = data.payload
    else {
      throw LocalFailure("`data` must be a string or bytes, and `path` a string")
    }
    let protection: FileProtection = data.holdsSecret ? .secret : .shared
    let change = try change(writing: path, protection) { replaced throws(LocalFailure) in
      try isSame(bytes, as: replaced, at: path)
    }
    var result = LocalResult(
      ["path": .string(path), "size": .int(Int64(bytes.count))], change: change)
    guard change.kind != .unchanged else { return result }
    if let dryRun {
      try dryRun.plan(path, as: "path", in: &result, files)
    } else {
      result.notice = try files.write(path, bytes, protection)
    }
    return result
  }

  /// Whether `file`, which is at `path`, holds `bytes`.
  private func isSame(
    _ bytes: [UInt8], as file: ReplacedFile, at path: String
  ) throws(LocalFailure) -> Bool {
    guard file.size == bytes.count else { return false }
    var comparison = ContentComparison(with: try? files.open(path))
    try comparison.add(bytes)
    return try comparison.isSame()
  }

  private func digest(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    if let unknown = try awaited(file: arguments["file"]) {
      return LocalResult(unknown, in: ["sha256", "size"])
    }
    let path = try Self.path(arguments["file"], named: "file")
    let file = try files.open(path)
    var digest = try FileDigest()
    while true {
      try interruption.check()
      let piece = try file.read(PayloadSource.pieceCount)
      guard !piece.isEmpty else { return try digest.result() }
      try digest.add(piece)
    }
  }

  /// The bytes of an input of type file, or of the file at a path.
  func read(_ file: Value) throws(LocalFailure) -> [UInt8] {
    try files.read(try Self.path(file, named: "file"), Self.sizeLimit)
  }

  /// The path in a field that is an input of type file or a path.
  static func path(_ value: Value?, named name: String) throws(LocalFailure) -> String {
    guard let path = LocalFile.path(of: value), !path.isEmpty else {
      throw LocalFailure("`\(name)` must be an input of type file, or a path")
    }
    return path
  }

  static func fields(of bytes: [UInt8], areSecret: Bool = false) -> ValueMap {
    let data = Value.bytes(bytes)
    let text = String(validating: bytes, as: UTF8.self).map { Value.string($0) } ?? .null
    return [
      "data": areSecret ? .secret(Secret(payload: data)) : data,
      "text": areSecret && text != .null ? .secret(Secret(payload: text)) : text,
      "size": .int(Int64(bytes.count)),
    ]
  }
}

extension Value {
  /// The bytes of a string or of bytes, secret or not.
  var payload: [UInt8]? {
    switch revealed {
    case .bytes(let bytes): bytes
    case .string(let text): Array(text.utf8)
    case .null, .bool, .int, .uint, .double, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      nil
    }
  }
}
