import Files
import Rollouts

/// What is known of the rollout files: a value that reads nothing.
///
/// Each scan is a listing, which says what is to be read, and then the readings.
package struct ServedIndex: Sendable {
  private static let missing = "it cannot be found"
  /// How many scans in a row must miss a file before it counts as removed: some programs replace a file by
  /// removing it first.
  private static let scansUntilGone = 2

  private var files: [String: File] = [:]
  private var flawedFolders: [String: String] = [:]
  private var problems: [String: ServedProblem] = [:]
  /// The folders with a problem, when problems were reported last.
  private var reportedFolders: Set<String> = []
  /// The warnings that were reported last.
  private var warnings: [String: ServedWarnings] = [:]
  private var latest = ServedScan()
  /// Whether anything is other than when `latest` was made.
  private var hasNews = true
  private var listing = ServedListing()
  /// The listing of which nothing follows any more.
  private var settled: ServedListing?

  /// What is known of one file.
  private struct File: Sendable {
    var origin: ServedListing.Origin
    /// As it was seen last; nil where it was missing.
    var seen: FileSight?
    /// As it was when it was read last; nil when it must be read.
    var read: FileSight?
    /// What it said when it was last good, where that has a schedule.
    var good: RolloutDefinition?
    /// What is wrong with it.
    var messages: [String] = []
    /// How many scans in a row missed it.
    var misses = 0
  }

  /// An index that knows nothing yet.
  package init() {}

  /// Handles a listing and returns the paths of the files to be read, in order.
  package mutating func apply(_ listing: ServedListing, _ patience: ScanPatience) -> [String] {
    // The same dictionary is compared at once.
    if patience == .settled, listing == settled { return [] }
    self.listing = listing
    note(listing)
    var wanted: [String] = []
    for (path, entry) in listing.files {
      guard let sight = entry.sight else { continue }
      if see(sight, at: path, entry.origin, patience) { wanted.append(path) }
    }
    for path in files.keys where listing.files[path]?.sight == nil {
      miss(path, listing.files[path]?.origin, patience)
    }
    for (path, entry) in listing.files where entry.sight == nil && files[path] == nil {
      guard flawedFolders[path] == nil else { continue }
      files[path] = File(origin: entry.origin, messages: [Self.missing])
      hasNews = true
    }
    return wanted.sorted()
  }

  /// Notes of which folders not all files are known.
  private mutating func note(_ listing: ServedListing) {
    var flawed = listing.flawedFolders
    // What had files in it is a folder that is gone, perhaps for a moment.
    for file in files.values {
      guard case .listed(let folder) = file.origin, let entry = listing.files[folder],
        entry.sight == nil
      else { continue }
      flawed[folder] = Self.missing
    }
    if flawed != flawedFolders { hasNews = true }
    flawedFolders = flawed
  }

  /// Notes how a file is seen; returns whether it is to be read.
  private mutating func see(
    _ sight: FileSight, at path: String, _ origin: ServedListing.Origin, _ patience: ScanPatience
  ) -> Bool {
    var file = files[path] ?? File(origin: origin)
    let isSettled = file.seen == sight || patience == .immediate
    let isNew = file.read != sight || patience == .immediate
    if file.seen != sight || file.misses > 0 || file.origin != origin || isNew { hasNews = true }
    file.origin = origin
    file.seen = sight
    file.misses = 0
    defer { files[path] = file }
    guard isSettled, isNew else { return false }
    guard let problem = sight.problem else { return true }
    file.read = sight
    file.good = nil
    file.messages = origin == .named ? [FileError(path, problem).message] : []
    return false
  }

  private mutating func miss(
    _ path: String, _ origin: ServedListing.Origin?, _ patience: ScanPatience
  ) {
    guard var file = files[path] else { return }
    // Whether it is there is not known.
    if case .listed(let folder) = file.origin, flawedFolders[folder] != nil { return }
    hasNews = true
    file.seen = nil
    file.misses += 1
    let isGone = file.misses >= Self.scansUntilGone || patience == .immediate
    guard isGone else {
      files[path] = file
      return
    }
    // A file that is named stays, so that its problem is reported.
    files[path] = origin.map { File(origin: $0, messages: [Self.missing]) }
  }

  /// Handles the readings of the files that the listing before wanted.
  package mutating func apply(_ readings: [String: ServedReading]) -> ServedScan {
    for (path, reading) in readings { apply(reading, to: path) }
    guard hasNews || !readings.isEmpty else {
      settled = listing
      latest.reported = []
      latest.mended = []
      latest.warned = []
      latest.hasChanged = false
      return latest
    }
    hasNews = false
    settled = nil
    return scan()
  }

  private mutating func apply(_ reading: ServedReading, to path: String) {
    guard var file = files[path] else { return }
    switch reading {
    case .rollout(let definition):
      file.read = file.seen
      let hasSchedule = definition.schedule != nil
      file.good = hasSchedule ? definition : nil
      file.messages =
        hasSchedule || file.origin != .named
        ? [] : ["it has no schedule: add the key `schedule`, or remove it from the arguments"]
    case .flawed(let messages, let kind):
      file.read = file.seen
      let isServed = file.good != nil || file.origin == .named || kind == .scheduled
      file.messages = isServed ? messages : []
    case .unreadable(let message):
      file.read = nil
      file.messages = [message]
    case .unstable:
      file.read = nil
    }
    files[path] = file
  }
}

/// What follows from what is known.
extension ServedIndex {
  private mutating func scan() -> ServedScan {
    var scan = ServedScan()
    var owners: [String: String] = [:]
    var found: [String: ServedProblem] = [:]
    for (path, file) in files.sorted(by: { $0.key < $1.key }) {
      var messages = file.messages
      if let good = file.good {
        if let owner = owners[good.name] {
          messages.append(
            "the rollout `\(good.name)` is also that of `\(owner)`, which is served: rename one of them"
          )
        } else {
          owners[good.name] = path
          scan.served.append(ServedRollout(path: path, good))
        }
      }
      let isServed = file.good.map { owners[$0.name] == path } ?? false
      if file.good == nil, !messages.isEmpty || file.read == nil { scan.unread.append(path) }
      count(path, messages, isServed, in: &scan.counts)
      if !messages.isEmpty {
        found[path] = ServedProblem(path: path, messages, isServed: isServed)
      }
    }
    for (path, message) in flawedFolders.sorted(by: { $0.key < $1.key }) {
      scan.unread.append(path)
      scan.counts.bad.append(UserPath.name(of: path))
      found[path] = ServedProblem(path: path, [message], isServed: false)
    }
    scan.counts.bad.sort()
    report(found, in: &scan)
    warn(in: &scan)
    scan.hasChanged = scan.served != latest.served || scan.unread != latest.unread
    latest = scan
    return scan
  }

  private func count(
    _ path: String, _ messages: [String], _ isServed: Bool, in counts: inout ServedCounts
  ) {
    switch (isServed, messages.isEmpty) {
    case (true, true): counts.good += 1
    case (true, false): counts.kept.append(UserPath.name(of: path))
    case (false, false): counts.bad.append(UserPath.name(of: path))
    // It has no schedule, or was not read yet.
    case (false, true): break
    }
  }

  /// Reports the warnings that are new.
  private mutating func warn(in scan: inout ServedScan) {
    var found: [String: ServedWarnings] = [:]
    for served in scan.served {
      let messages = ServedReader.warnings(of: served.definition.warnings)
      if !messages.isEmpty { found[served.path] = ServedWarnings(path: served.path, messages) }
    }
    scan.warned = found.values.filter { warnings[$0.path] != $0 }.sorted { $0.path < $1.path }
    warnings = found
  }

  /// Reports what is new, and what is mended; a file that is gone is not.
  private mutating func report(_ found: [String: ServedProblem], in scan: inout ServedScan) {
    scan.reported = found.values.filter { problems[$0.path] != $0 }.sorted { $0.path < $1.path }
    scan.mended = problems.keys.filter { path in
      found[path] == nil && (files[path] != nil || reportedFolders.contains(path))
    }
    .sorted()
    problems = found
    reportedFolders = Set(flawedFolders.keys)
  }
}
