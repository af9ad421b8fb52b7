package import Cryptography
package import Events
import Files

/// The plans of a rollout's tenants, kept in one file, from which one is read at a time.
///
/// After a line that names its form and version, each tenant has its name and its plan (`PlanFile`), each
/// behind its length in four bytes, most significant first. Every plan is authenticated, and names its tenant.
package final class RolloutPlanFile: Sendable {
  private static let heading = Array("privirun rollout plan 1\n".utf8)
  /// The longest name of a tenant, in bytes.
  private static let longestName = 4096

  private struct Place: Sendable {
    let offset: Int
    let count: Int
  }

  private let path: String
  private let file: OpenFile
  private let places: [String: Place]
  private let journal: String
  private let key: String?

  /// Opens the plans at `path`, sealed for the journal at `journal`, whose key is in the file at `key` or
  /// else beside it.
  ///
  /// Throws `unusablePlan` where it is none, or its end is missing.
  package init(
    at path: String, sealedFor journal: String, key: String? = nil
  ) throws(JournalError) {
    self.path = path
    self.journal = journal
    self.key = key
    let found: [String: Place]?
    do throws(FileError) {
      file = try OpenFile.reading(path)
      found = try Self.places(in: file)
    } catch {
      throw .unusablePlan(path: path, reason: error.cause)
    }
    guard let found else {
      throw .unusablePlan(path: path, reason: "it is no plan of a rollout, or its end is missing")
    }
    places = found
  }

  /// The names of the tenants that have a plan.
  package var tenants: Set<String> { Set(places.keys) }

  /// The plan of `tenant`; nil where there is none.
  ///
  /// Throws `unusablePlan` where it was changed, or sealed for another journal.
  package func plan(of tenant: String) throws(JournalError) -> PlanFile? {
    guard let place = places[tenant] else { return nil }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Self.bytes(in: file, at: place.offset, place.count)
    } catch {
      throw .unusablePlan(path: path, reason: error.cause)
    }
    let plan = try PlanFile(bytes, named: path, sealedFor: journal, key: key)
    guard case .runStarted(let start)? = plan.events.first?.kind, start.tenant?.name == tenant
    else {
      throw .unusablePlan(path: path, reason: "it was changed")
    }
    return plan
  }

  private static func places(in file: OpenFile) throws(FileError) -> [String: Place]? {
    guard try bytes(in: file, at: 0, heading.count) == heading else { return nil }
    var places: [String: Place] = [:]
    var offset = heading.count
    while offset < file.size {
      guard let nameCount = try number(in: file, at: offset), nameCount <= longestName else {
        return nil
      }
      let name = try bytes(in: file, at: offset + 4, nameCount)
      guard let count = try number(in: file, at: offset + 4 + nameCount),
        let text = String(validating: name, as: UTF8.self)
      else { return nil }
      let place = Place(offset: offset + 8 + nameCount, count: count)
      offset = place.offset + count
      guard offset <= file.size else { return nil }
      places[text] = place
    }
    return places
  }

  private static func number(in file: OpenFile, at offset: Int) throws(FileError) -> Int? {
    let bytes = try bytes(in: file, at: offset, 4)
    return bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | Int($1) } : nil
  }

  private static func bytes(
    in file: OpenFile, at offset: Int, _ count: Int
  ) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let rest = filled
      var problem: FileError?
      let read = bytes.withUnsafeMutableBytes { buffer in
        do throws(FileError) {
          return try file.read(
            at: offset + rest, into: UnsafeMutableRawBufferPointer(rebasing: buffer[rest...]))
        } catch {
          problem = error
          return 0
        }
      }
      if let problem { throw problem }
      guard read > 0 else { break }
      filled += read
    }
    return Array(bytes.prefix(filled))
  }
}

extension RolloutPlanFile {
  /// Writes such a file, tenant by tenant; nothing is at its path before it is committed.
  package final class Writer: Sendable {
    private let path: String
    private let file: AtomicFile
    private let key: JournalKey
    private let random: RandomBytes

    /// Begins a file at `path` that only its owner may read; the journal at `journal` gets a key where it
    /// has none.
    package init(
      to path: String, sealedFor journal: String, key keyPath: String? = nil,
      random: RandomBytes = .system
    ) throws(JournalError) {
      self.path = path
      self.random = random
      key = try KeyFile(keyPath, beside: journal).loadOrCreate(random: random)
      do throws(FileError) {
        file = try AtomicFile(path, .secret)
        try file.write(heading)
      } catch {
        throw .unusablePlan(path: path, reason: error.cause)
      }
    }

    /// Adds the plan that `events` record, whose start names `tenant`.
    package func add(_ events: [RunEvent], of tenant: String) throws(JournalError) {
      let plan = try PlanFile.bytes(of: events, named: path, key, random)
      let name = Array(tenant.utf8)
      do throws(FileError) {
        try file.write(Self.number(name.count) + name + Self.number(plan.count) + plan)
      } catch {
        throw .unusablePlan(path: path, reason: error.cause)
      }
    }

    /// Puts the file in its place.
    package func commit() throws(JournalError) {
      do throws(FileError) {
        try file.commit()
      } catch {
        throw .unusablePlan(path: path, reason: error.cause)
      }
    }

    private static func number(_ number: Int) -> [UInt8] {
      withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
    }
  }
}
