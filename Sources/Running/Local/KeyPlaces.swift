import Expressions
import Machine
import Operations

/// Where a key is.
enum KeyPlace: Hashable {
  /// In no file: it is another one each time.
  case memory
  /// In the file at a path.
  case file(String, TenantKeyFile)
  /// In a file that is not there.
  case missing(String)
  /// In a file that an earlier step of the plan would write.
  case planned(String, Unknown)
  /// In a file whose path is not known yet.
  case unknown(Unknown)

  /// The path of a file that is there, or will be.
  fileprivate var existing: String? {
    switch self {
    case .file(let path, _), .planned(let path, _): path
    case .memory, .missing, .unknown: nil
    }
  }

  fileprivate var missing: String? {
    switch self {
    case .missing(let path): path
    case .memory, .file, .planned, .unknown: nil
    }
  }

  /// The key, a secret; null where there is none.
  var key: Value {
    switch self {
    case .memory, .missing: .null
    case .file(_, let file): .secret(text: file.key)
    case .planned(_, let unknown), .unknown(let unknown): .unknown(unknown)
    }
  }
}

/// Where the two keys of a tenant are.
struct KeyPlaces: Hashable {
  let privateKey: KeyPlace
  let dataKey: KeyPlace

  /// Throws when one key exists and the other is missing, unless that one may be made anew.
  ///
  /// A lost data key must never be replaced by another one unnoticed: what was encrypted with it could
  /// no longer be read, and nothing would say so before it is needed.
  func refuseHalf(renewing renewal: LocalAction.Renewal?) throws(LocalFailure) {
    if let path = dataKey.missing, let other = privateKey.existing, renewal != .dataKey {
      throw LocalFailure(
        "the data key file `\(path)` does not exist, but the private key `\(other)` does",
        hint: "restore it from a backup: no other key opens what was encrypted with it; if nothing "
          + "was, `renew: dataKey` makes a new one")
    }
    if let path = privateKey.missing, let other = dataKey.existing, renewal != .privateKey {
      throw LocalFailure(
        "the private key file `\(path)` does not exist, but the data key `\(other)` does",
        hint: "restore it from a backup; `renew: privateKey` makes a new one, such as to rotate it")
    }
  }

  /// Throws when the private key was made with another data key than `id`, that of the one in its file.
  func refuseStranger(_ id: Value) throws(LocalFailure) {
    guard case .file(let path, let file) = privateKey, case .file(let other, _) = dataKey,
      let known = file.dataKeyID, id != .string(known)
    else { return }
    throw LocalFailure(
      "`\(other)` is not the data key that belongs to the private key `\(path)`",
      hint: "restore both files from the same backup: another data key does not open what was "
        + "encrypted with theirs")
  }

  /// Throws when a key is missing.
  func refuseMissing() throws(LocalFailure) {
    let missing = [privateKey.missing, dataKey.missing].compactMap { $0.map { "`\($0)`" } }
    guard !missing.isEmpty else { return }
    throw LocalFailure(
      missing.count == 1
        ? "the key file \(missing[0]) does not exist"
        : "the key files \(missing.joined(separator: " and ")) do not exist",
      hint: missingHint)
  }

  /// What can be done about a key that is missing.
  private var missingHint: String {
    if dataKey.missing != nil, privateKey.existing != nil {
      return "restore it from a backup: no other key opens what was encrypted with it"
    }
    if privateKey.missing != nil, dataKey.existing != nil {
      return "restore it from a backup, or register a new one with the workflow `rotate-key.yaml`"
    }
    return "restore it from a backup, or give the folder that the keys are in (`keyFolder` in the "
      + "shipped workflows); onboarding makes keys only while no public key is registered"
  }
}
