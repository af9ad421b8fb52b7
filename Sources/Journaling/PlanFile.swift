package import Cryptography
package import Events
import Files
import Operations

/// A plan that is kept in a file: the events of the planned run, with secrets sealed under the key of a
/// journal.
///
/// The file begins with a line that names its form and version. Then follow the 12 characters of the
/// planned run's id, the stored form of its events, and a tag over all of that, which shows every change.
package struct PlanFile: Sendable, Hashable {
  /// The events of the planned run, from its first to its last.
  package let events: [RunEvent]
  /// The file as a text that a run is pinned to.
  package let text: StoredText

  /// A file with more bytes is not read.
  package static let largest = 64 << 20
  /// The line that such a file begins with.
  static let heading = Array("privirun plan 1\n".utf8)

  /// Keeps `events` in a file that only its owner may read, in place of one that is there; the journal at
  /// `journal`, whose key is in the file at `keyPath` or else beside it, gets a key where it has none.
  ///
  /// Throws `unusablePlan`, or what is wrong with the key.
  package static func write(
    _ events: [RunEvent], to path: String, sealedFor journal: String,
    key keyPath: String? = nil, random: RandomBytes = .system
  ) throws(JournalError) {
    let key = try KeyFile(keyPath, beside: journal).loadOrCreate(random: random)
    let bytes = try bytes(of: events, named: path, key, random)
    do throws(FileError) {
      try AtomicFile.write(bytes, to: path, .secret)
    } catch {
      throw .unusablePlan(path: path, reason: error.cause)
    }
  }

  /// The file with `events`, which messages call `path`.
  static func bytes(
    of events: [RunEvent], named path: String, _ key: JournalKey, _ random: RandomBytes
  ) throws(JournalError) -> [UInt8] {
    guard case .runStarted(let start)? = events.first?.kind else {
      throw .unusablePlan(path: path, reason: "it has no beginning")
    }
    var sealing = Sealing(key: key, random: random)
    sealing.unknowns = .kept
    let form = try CommitForm.encode(events, of: start.run, sealing)
    let tag = try Authentication(key).tag(
      after: heading, EventAddress(run: start.run, sequence: 0), form: form)
    return heading + Array(start.run.text.utf8) + form + tag
  }

  /// Reads the plan at `path`, sealed for the journal at `journal`, whose key is in the file at `key` or
  /// else beside it.
  ///
  /// Throws `unusablePlan` where it is none, was changed, or was sealed for another journal.
  package init(
    at path: String, sealedFor journal: String, key: String? = nil
  ) throws(JournalError) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try OpenFile.reading(path).read(Self.largest)
    } catch {
      throw .unusablePlan(path: path, reason: error.cause)
    }
    try self.init(bytes, named: path, sealedFor: journal, key: key)
  }

  /// Reads the bytes of such a file, which messages call `path`.
  package init(
    _ bytes: [UInt8], named path: String, sealedFor journal: String, key keyPath: String? = nil
  ) throws(JournalError) {
    let keyFile = KeyFile(keyPath, beside: journal)
    let key = try keyFile.load()
    guard bytes.starts(with: Self.heading) else {
      let isOther = bytes.starts(with: Array("privirun plan ".utf8))
      throw .unusablePlan(
        path: path,
        reason: isOther ? "another version of privirun wrote it" : "it is no plan of privirun")
    }
    guard let parts = Parts(bytes) else {
      throw .unusablePlan(path: path, reason: "its end is missing")
    }
    guard try parts.tag == Self.tag(of: parts, key) else {
      throw .unusablePlan(
        path: path, reason: "it was changed, or sealed under another key than \(keyFile.path)")
    }
    do throws(StoredFormError) {
      events = try CommitForm.decode(parts.form, of: parts.run, from: 0, key)
    } catch {
      throw .unusablePlan(path: path, reason: "\(error)")
    }
    do throws(CryptographyFailure) {
      text = try StoredText(bytes)
    } catch {
      throw .cryptography(error)
    }
  }
}

/// Its bytes.
extension PlanFile {
  /// What follows the heading.
  struct Parts {
    /// The planned run.
    var run: RunID
    /// The stored form of its events.
    var form: [UInt8]
    var tag: [UInt8]

    private static let runCount = 12

    /// The parts of the file with these bytes; nil where it is no such file, or is cut.
    init?(_ bytes: [UInt8]) {
      guard bytes.starts(with: PlanFile.heading) else { return nil }
      let rest = bytes.dropFirst(PlanFile.heading.count)
      guard rest.count > Self.runCount + Authentication.tagCount,
        let run = RunID(String(decoding: rest.prefix(Self.runCount), as: UTF8.self))
      else { return nil }
      self.run = run
      form = Array(rest.dropFirst(Self.runCount).dropLast(Authentication.tagCount))
      tag = Array(rest.suffix(Authentication.tagCount))
    }

    /// The file of these parts.
    var bytes: [UInt8] { PlanFile.heading + Array(run.text.utf8) + form + tag }
  }

  /// The tag that `parts` must have under `key`.
  static func tag(of parts: Parts, _ key: JournalKey) throws(JournalError) -> [UInt8] {
    try Authentication(key).tag(
      after: heading, EventAddress(run: parts.run, sequence: 0), form: parts.form)
  }
}
