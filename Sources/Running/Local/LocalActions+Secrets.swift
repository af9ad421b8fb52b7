import Events
import Expressions
import Files
import Machine
import Operations

/// Passwords: made once, and loaded from then on.
extension LocalActions {
  /// Loads the password whose file exists, or makes it.
  func generateSecret(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let count = try length(arguments["length"])
    if dryRun != nil, let unknown = arguments["path"]?.unknown {
      return LocalResult(
        ["value": .unknown(unknown), "path": .unknown(unknown)],
        change: StateChange(waitingFor: unknown))
    }
    let path = try Self.path(arguments["path"], named: "path")
    if let unknown = try planned(path) {
      return LocalResult(
        ["value": .unknown(unknown), "path": .string(path)],
        change: StateChange(.unchanged, isLocal: true))
    }
    if try files.exists(path) { return try loadedSecret(at: path) }
    let change = StateChange(.create, reason: "`\(path)` does not exist", isLocal: true)
    guard let dryRun else { return try newSecret(of: count, at: path, change) }
    var result = LocalResult(
      ["value": .unknown(dryRun.unknown("value")), "path": .string(path)], change: change)
    try dryRun.plan(path, as: "value", in: &result, files)
    return result
  }

  private func loadedSecret(at path: String) throws(LocalFailure) -> LocalResult {
    let text = try PasswordFile.password(in: files.readKey(path), of: path)
    return LocalResult(
      ["value": .secret(text: text), "path": .string(path)],
      change: StateChange(.unchanged, isLocal: true))
  }

  private func newSecret(
    of count: Int, at path: String, _ change: StateChange
  ) throws(LocalFailure) -> LocalResult {
    let text = try PasswordFile.password(of: count) { count throws(LocalFailure) in
      try random(count)
    }
    do throws(LocalFailure) {
      let draft = try files.create(path, .newSecret)
      do throws(LocalFailure) {
        try draft.write(Array("\(text)\n".utf8))
        _ = try draft.commit()
      } catch {
        draft.discard()
        throw error
      }
    } catch {
      // Another process made it first: that one counts, as if it had been there before.
      guard try files.exists(path) else { throw error }
      return try loadedSecret(at: path)
    }
    return LocalResult(
      ["value": .secret(text: text), "path": .string(path)], change: change,
      notice: "a new password was written to `\(path)`")
  }

  /// How many characters a new password has.
  private func length(_ value: Value?) throws(LocalFailure) -> Int {
    guard let value, value.revealed != .null, value.unknown == nil else {
      return LocalAction.defaultSecretLength
    }
    let lengths = LocalAction.secretLengths
    guard case .int(let count) = value.revealed, lengths.contains(Int(count)) else {
      throw LocalFailure(
        "`length` must be an integer from \(lengths.lowerBound) to \(lengths.upperBound)")
    }
    return Int(count)
  }
}

/// What a password's file holds: one line.
private enum PasswordFile {
  /// Letters and digits that no font, shell, CSV file or spreadsheet mistakes for others: without
  /// `0`, `O`, `1`, `I` and `l`.
  private static let alphabet = Array(
    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789".utf8)
  /// Bytes from here on are left out, so that each character is as likely as any other.
  private static let end = 256 - 256 % alphabet.count
  /// A source that is random needs more rounds less than once in 2^100 passwords.
  private static let mostRounds = 64

  /// A new password of `count` characters from the bytes that `random` generates.
  static func password(
    of count: Int, _ random: (Int) throws(LocalFailure) -> [UInt8]
  ) throws(LocalFailure) -> String {
    var characters: [UInt8] = []
    for _ in 0..<mostRounds where characters.count < count {
      characters += try random(count - characters.count).filter { Int($0) < end }.map {
        alphabet[Int($0) % alphabet.count]
      }
    }
    guard characters.count == count else {
      throw LocalFailure("the system's random bytes are not random: no password was made")
    }
    return String(decoding: characters, as: UTF8.self)
  }

  /// The password in the file at `path`, which holds `bytes`.
  static func password(in bytes: [UInt8], of path: String) throws(LocalFailure) -> String {
    let text = String(validating: bytes, as: UTF8.self).map { text in
      text.last?.isNewline == true ? String(text.dropLast()) : text
    }
    guard let text, !text.isEmpty, !text.unicodeScalars.contains(where: \.isControl) else {
      throw LocalFailure(
        "`\(path)` does not hold a password, which is one line of text",
        hint: "give another file, or put the password into it; it is never overwritten")
    }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
