import Expressions
package import OrderedCollections
import Playbooks

/// An action that happens on this machine and sends nothing; `call` names it like an operation.
package enum LocalAction: String, Sendable, Hashable, CaseIterable {
  /// Makes or loads an X25519 key pair and a data key.
  case generateKeys = "keys.generate"
  /// Loads the keys that `generateKeys` left, and makes none.
  case loadKeys = "keys.load"
  /// Makes a password, or loads it from its file.
  case generateSecret = "secrets.generate"
  /// Encrypts a string or a file with AES-256-GCM.
  case encryptData = "data.encrypt"
  /// Decrypts what `data.encrypt` made.
  case decryptData = "data.decrypt"
  case readFile = "file.read"
  case writeFile = "file.write"
  case digestFile = "file.digest"

  /// One sentence for a person.
  package var summary: String {
    switch self {
    case .generateKeys: "Make an X25519 key pair and a data key, or load them from their files"
    case .loadKeys: "Load keys from their files; a missing file is an error"
    case .generateSecret: "Make a random password, or load it from its file"
    case .encryptData: "Encrypt a string or a file with AES-256-GCM"
    case .decryptData: "Decrypt what data.encrypt made, refusing anything altered"
    case .readFile: "Read a file"
    case .writeFile: "Write a file whole or not at all; a secret one for its owner alone"
    case .digestFile: "Take the SHA-256 digest of a file of any size"
    }
  }

  /// What the action takes.
  package var fields: OrderedDictionary<String, Field> {
    switch self {
    case .generateKeys:
      [
        "privateKeyFile": .local(
          .string, "Where the private key is kept, mode 0600; loaded when it exists"),
        "dataKeyFile": .local(
          .string, "Where the data key is kept, mode 0600; loaded when it exists"),
        "tag": .local(
          .string, "Version tag of the public key, 8 hex characters; 31420500 when left out"),
        "renew": .local(
          .string,
          "The key that may be made although the file of the other one exists: privateKey or dataKey",
          allowed: Renewal.allCases.map { .string($0.rawValue) }),
      ]
    case .loadKeys:
      [
        "privateKeyFile": .local(.string, "The file of the private key"),
        "dataKeyFile": .local(.string, "The file of the data key"),
        "tag": .local(
          .string, "Version tag of the public key, 8 hex characters; 31420500 when left out"),
      ]
    case .generateSecret:
      [
        "path": .local(
          .string, "Where the password is kept, mode 0600; loaded when it exists", required: true),
        "length": .local(
          .integer, "How many characters a new one has; \(Self.defaultSecretLength) when left out",
          minimum: Self.secretLengths.lowerBound, maximum: Self.secretLengths.upperBound),
      ]
    case .encryptData:
      [
        "data": .local(.any, "The string or bytes to encrypt; or give `file`"),
        "file": .local(.any, "The file to encrypt: an input of type file, or a path"),
        "key": .local(.string, "The data key, 64 hex characters", required: true, sensitive: true),
        "to": .local(.any, "The file to write, for data of any size; else it stays in memory"),
      ]
    case .decryptData:
      [
        "data": .local(.any, "The base64 string or bytes to decrypt; or give `file`"),
        "file": .local(.any, "The file to decrypt: a file that was answered, or a path"),
        "key": .local(.string, "The data key, 64 hex characters", required: true, sensitive: true),
        "to": .local(.any, "The file to write, for data of any size; else it stays in memory"),
      ]
    case .readFile, .digestFile:
      ["file": .local(.any, "An input of type file, or a path", required: true)]
    case .writeFile:
      [
        "path": .local(.string, "The path; missing folders are made", required: true),
        "data": .local(.any, "The string or bytes to write", required: true),
      ]
    }
  }

  /// What the action answers.
  package var answer: OrderedDictionary<String, AnswerField> {
    switch self {
    case .generateKeys, .loadKeys:
      [
        "publicKey": AnswerField(.string, from: [], summary: "Signed form, 200 hex"),
        "privateKey": AnswerField(.string, from: [], isSensitive: true, summary: "64 hex"),
        "dataKey": AnswerField(.string, from: [], isSensitive: true, summary: "64 hex"),
        "dataKeyId": AnswerField(
          .string, from: [], summary: "Names the data key and reveals nothing of it, 16 hex"),
      ]
    case .generateSecret:
      [
        "value": AnswerField(.string, from: [], isSensitive: true, summary: "The password"),
        "path": AnswerField(.string, from: [], summary: "Where it is kept"),
      ]
    case .encryptData:
      [
        "data": AnswerField(.string, from: [], summary: "IV, ciphertext and tag, base64"),
        "file": AnswerField(.map(of: .any), from: [], summary: "With `to`, and then no `data`"),
        "size": AnswerField(.integer, from: [], summary: "Plaintext size in bytes"),
      ]
    case .decryptData:
      [
        "data": AnswerField(.bytes, from: [], isSensitive: true, summary: "The plaintext"),
        "text": AnswerField(
          .string, from: [], isSensitive: true,
          summary: "The same when it is UTF-8, or null"),
        "file": AnswerField(.map(of: .any), from: [], summary: "With `to`, and then no `data`"),
        "size": AnswerField(.integer, from: [], summary: "Plaintext size in bytes"),
      ]
    case .readFile:
      [
        "data": AnswerField(.bytes, from: [], summary: "The file's bytes"),
        "text": AnswerField(.string, from: [], summary: "The same when it is UTF-8, or null"),
        "size": AnswerField(.integer, from: [], summary: "Size in bytes"),
      ]
    case .writeFile:
      [
        "path": AnswerField(.string, from: [], summary: "Where it was written"),
        "size": AnswerField(.integer, from: [], summary: "Size in bytes"),
      ]
    case .digestFile:
      [
        "sha256": AnswerField(.string, from: [], summary: "64 hex characters"),
        "size": AnswerField(.integer, from: [], summary: "Size in bytes"),
      ]
    }
  }
}

extension LocalAction {
  /// The fields of which a call gives exactly one.
  package var eitherOf: [String]? {
    switch self {
    case .encryptData, .decryptData: ["data", "file"]
    case .generateKeys, .loadKeys, .generateSecret, .readFile, .writeFile, .digestFile: nil
    }
  }
}

extension LocalAction {
  /// The two fields of which a call gives at least one.
  package var anyOf: [String]? {
    switch self {
    case .loadKeys: ["privateKeyFile", "dataKeyFile"]
    case .generateKeys, .generateSecret, .encryptData, .decryptData, .readFile, .writeFile,
      .digestFile:
      nil
    }
  }
}

extension LocalAction {
  /// The key that `keys.generate` may make beside another one that exists, as in a rotation.
  package enum Renewal: String, Sendable, Hashable, CaseIterable {
    case privateKey
    case dataKey
  }
}

extension LocalAction {
  /// How many characters a password of `secrets.generate` may have.
  package static let secretLengths = 12...256
  /// How many it has unless the call says otherwise.
  package static let defaultSecretLength = 24
}

extension Field {
  fileprivate static func local(
    _ type: ValueType, _ summary: String, required: Bool = false, sensitive: Bool = false,
    allowed: [Value] = [], minimum: Int? = nil, maximum: Int? = nil
  ) -> Field {
    Field(
      ValueSchema(
        type, allowed: allowed, minimum: minimum, maximum: maximum, isSensitive: sensitive),
      at: .local,
      isRequired: required, summary: summary)
  }
}
