import Expressions
import Files
import Networking
import Operations
import OrderedCollections
import Planning
import Rollouts
import Synchronization

/// The secrets that a daemon knows of, so that neither its log, nor its ledger, nor a notification repeats one.
///
/// These are the passwords of its proxies, what signs notifications, and what rollout files name as
/// `env:VARIABLE` or `file:PATH`. At most 10,000 of them are searched for, and besides the 10,000 that tenants
/// files named last; those of one tenant are known to its run.
final class KnownSecrets: Sendable {
  private static let most = 10_000
  /// How much of a file is searched for references, in bytes.
  private static let longestText = 4 << 20
  /// The longest reason of a rollout that could not be started, in characters.
  private static let longestReason = 500

  private struct State: Sendable {
    var scrubber = SecretScrubber()
    /// The same without those of tenants.
    var shared = SecretScrubber()
    var known: Set<String> = []
    /// The secrets of tenants; those that were named last are last.
    var tenants: OrderedSet<String> = []

    mutating func add(_ secret: String) {
      guard known.count < KnownSecrets.most, known.insert(secret).inserted else { return }
      shared.add(Secret(secret))
      scrubber.add(Secret(secret))
    }

    mutating func add(ofTenants secrets: [String]) {
      let newest = OrderedSet(secrets.suffix(KnownSecrets.most))
      let added = newest.subtracting(tenants)
      tenants = tenants.subtracting(newest).union(newest)
      let excess = tenants.count - KnownSecrets.most
      guard excess > 0 else {
        for secret in added { scrubber.add(Secret(secret)) }
        return
      }
      tenants.removeFirst(excess)
      scrubber = shared
      for secret in tenants { scrubber.add(Secret(secret)) }
    }
  }

  private let environment: [String: String]
  private let sources: InputSources
  private let state = Mutex(State())

  /// The secrets in the proxies of `environment`.
  init(_ environment: [String: String]) {
    self.environment = environment
    sources = Self.regularFiles(environment)
    let proxies = ProxySettings(environment: environment).secrets
    state.withLock { state in
      for secret in proxies { state.shared.add(secret) }
      state.scrubber = state.shared
    }
  }

  /// Sources that read nothing but regular files: a pipe may keep its reader waiting for ever.
  private static func regularFiles(_ environment: [String: String]) -> InputSources {
    var sources = InputSources.live(environment: environment)
    let home = environment["HOME"]
    sources.read = { path, limit throws(InputSources.FileFlaw) in
      try bytes(ofRegularFile: path, limit, home: home)
    }
    return sources
  }

  private static func bytes(
    ofRegularFile path: String, _ limit: Int, home: String?
  ) throws(InputSources.FileFlaw) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try OpenFile.reading(try UserPath.expand(path, home: home)).rest(atMost: limit)
    } catch {
      throw .unreadable(error.cause)
    }
    guard let bytes else { throw .tooLarge(limit: limit) }
    return bytes
  }

  /// Finds what is known so far.
  var scrubber: SecretScrubber { state.withLock { $0.scrubber } }

  /// `text` on one line, short enough for the ledger, and without any secret that is known.
  func reason(_ text: String) -> String { scrubber.line(text, limit: Self.longestReason) }

  /// Searches for `secret` from now on, too.
  func add(_ secret: String) { state.withLock { $0.add(secret) } }

  /// Searches for every secret that the file at `path` refers to; blocks meanwhile.
  ///
  /// What cannot be read, or is no regular file, is passed over.
  func add(namedInFile path: String) {
    let secrets = secrets(namedInFile: path)
    state.withLock { state in for secret in secrets { state.add(secret) } }
  }

  /// Searches for every secret that a rollout file refers to; blocks meanwhile.
  func add(namedIn definition: RolloutDefinition) {
    let secrets = secrets(
      namedIn: definition.text, folder: UserPath.folder(of: definition.file))
    state.withLock { state in for secret in secrets { state.add(secret) } }
  }

  /// Searches for every secret that a rollout file and its tenants file refer to; blocks meanwhile.
  ///
  /// What a rollout could not be started or continued for quotes both, and secrets that were not read, or were
  /// replaced since.
  func add(namedByFilesOf definition: RolloutDefinition) {
    add(namedIn: definition)
    guard let path = try? CommandPath.expand(definition.tenantsPath) else { return }
    let secrets = secrets(namedInFile: path)
    state.withLock { $0.add(ofTenants: secrets) }
  }

  private func secrets(namedInFile path: String) -> [String] {
    guard let bytes = try? sources.read(path, Self.longestText) else { return [] }
    return secrets(
      namedIn: String(decoding: bytes, as: UTF8.self), folder: UserPath.folder(of: path))
  }

  /// The secrets that `text` refers to; relative paths begin in `folder`.
  ///
  /// `{name}` in the name of a variable stands for any tenant. Files that are named after tenants are not read.
  private func secrets(namedIn text: String, folder: String) -> [String] {
    let variables = SecretReferences.variables(in: text).flatMap(variables(like:))
    let files = SecretReferences.files(in: text).filter { !$0.contains("{name}") }
    let references = variables.map { "env:\($0)" } + files.map { "file:\($0)" }
    return references.compactMap { reference in
      var reader = SecretReader(for: "a secret", from: sources, advice: "")
      return try? reader.read(reference, folder: folder)
    }
  }

  private func variables(like name: String) -> [String] {
    guard let mark = name.firstRange(of: "{name}"), name != "{name}" else { return [name] }
    return environment.keys.filter {
      $0.hasPrefix(name[..<mark.lowerBound]) && $0.hasSuffix(name[mark.upperBound...])
    }
  }
}

/// What a text names as secrets, whatever its format is and whether it has errors.
enum SecretReferences {
  /// The variables after each `env:`.
  static func variables(in text: String) -> Set<String> {
    references("env:", in: text) { $0.isLetter || $0.isNumber || "_{}".contains($0) }
  }

  /// The paths after each `file:`.
  static func files(in text: String) -> Set<String> {
    references("file:", in: text) { !$0.isNewline && !"\"',;\t".contains($0) }
  }

  private static func references(
    _ mark: String, in text: String, _ belongs: (Character) -> Bool
  ) -> Set<String> {
    var found: Set<String> = []
    var rest = text[...]
    while let range = rest.firstRange(of: mark) {
      rest = rest[range.upperBound...]
      let reference = rest.prefix(while: belongs)
      if !reference.isEmpty { found.insert(String(reference)) }
    }
    return found
  }
}
