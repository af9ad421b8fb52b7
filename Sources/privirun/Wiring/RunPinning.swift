import Cryptography
import Diagnostics
import Events
import Expressions
import Files
import Journaling
import Operations
import Planning
import Playbooks

/// Keeps what a run is planned from in the journal, and plans from it again.
enum RunPinning {
  /// What is pinned, and the texts to be stored with the first event of the run.
  static func pin(
    _ plan: Plan, from path: String, _ files: RecordedFiles, _ sizes: [String: Int],
    description: [UInt8]
  ) throws -> (PinnedPlan, [StoredText]) {
    var sizesByPath = ValueMap()
    for (path, size) in sizes.sorted(by: { $0.key < $1.key }) {
      sizesByPath[path] = .int(Int64(size))
    }
    let sources: Value = ["files": files.value, "sizes": .map(sizesByPath)]
    let files = try StoredText(Array(EncodedValue.json(sources).line.utf8))
    let description = try StoredText(description)
    let path = name(ofPlaybook: path)
    let pinned = PinnedPlan(
      files: Hexadecimal.encode(files.digest.bytes),
      description: Hexadecimal.encode(description.digest.bytes),
      outline: try plan.outlineDigest(), path: path,
      folder: Folder.current)
    return (pinned, [files, description])
  }

  /// What the playbook at `path` is called: a stream has a name of its own.
  static func name(ofPlaybook path: String) -> String {
    PlaybookFiles.isStream(path) ? PlaybookFiles.streamName : path
  }

  /// The plan of a run that was started with `start`, in the folder that it was started in.
  ///
  /// Throws with status 2 when this program would make another plan of the same files.
  static func plan(of start: RunStart, in journal: SQLiteJournal) async throws -> Plan {
    guard let pinned = start.pinned else {
      throw CommandFailure(
        .invalid, "run \(start.run) was recorded by an older program, without its playbook",
        hint: "run the playbook again")
    }
    let origin = Origin(phrase: "run \(start.run)", version: start.version)
    let checked = try await checked(pinned, of: origin, in: journal)
    return try plan(start, checked, of: origin)
  }

  /// How what is pinned is read again.
  struct Reading: Sendable {
    /// Whether a folder that the process is not in is entered.
    enum OtherFolder: Sendable {
      case entered
      case refused
    }

    var otherFolder = OtherFolder.entered
    /// Makes a description of the API of its text.
    var describe: @Sendable ([UInt8]) throws(InvalidInput) -> APIDescription = {
      text throws(InvalidInput) in
      try APIDescription(parsing: text, file: "the API description of the run")
    }
    /// Prints a line, with its newline.
    var say: @Sendable (String) -> Void = { StandardStream.error.write("privirun: \($0)\n") }
  }

  /// What was planned from pinned files, as messages call it.
  struct Origin {
    /// Such as `run 7k2m9q0d4x1z`.
    let phrase: String
    /// The program's version that planned it.
    let version: String
  }

  /// The plan of a run that was started with `start`, made of what is pinned of it already.
  ///
  /// Throws with status 2 when this program would make another plan of the same files.
  static func plan(_ start: RunStart, _ checked: CheckedPlaybook, of origin: Origin) throws -> Plan
  {
    let plan: Plan
    do throws(InvalidInput) {
      plan = try checked.plan(inputs: start.inputs)
    } catch {
      throw noPlan(of: origin, error)
    }
    guard try plan.digest == start.planDigest && plan.outlineDigest() == start.pinned?.outline
    else { throw otherPlan(of: origin) }
    return plan
  }

  /// The playbook that is `pinned`, checked again, in the folder that it was started in.
  static func checked(
    _ pinned: PinnedPlan, of origin: Origin, in journal: SQLiteJournal,
    _ reading: Reading = Reading()
  ) async throws -> CheckedPlaybook {
    guard let description = try await text(pinned.description, in: journal),
      let stored = try await text(pinned.files, in: journal),
      let value = try? JSON.parse(stored),
      let files = value[field: "files"].flatMap(RecordedFiles.init)
    else {
      throw CommandFailure(
        .invalid, "the journal does not hold what \(origin.phrase) was planned from"
      ).lasting
    }
    try enter(pinned.folder, of: origin, reading.otherFolder)
    reportChanges(of: files, origin, reading.say)
    return try checked(pinned.path, files, sizes(in: value), description, origin, reading)
  }

  /// Relative paths of the whole process start from its folder.
  private static func enter(
    _ folder: String, of origin: Origin, _ other: Reading.OtherFolder
  ) throws(CommandFailure) {
    switch other {
    case .refused:
      guard folder != Folder.current else { return }
      throw CommandFailure(
        .invalid,
        "\(origin.phrase) was started in the folder `\(folder)`, and this process is in "
          + "`\(Folder.current)`",
        hint: "relative paths in it start from there: start `privirun serve` in that folder")
    case .entered:
      do throws(FileError) {
        try Folder.enter(folder)
      } catch {
        throw CommandFailure(
          .invalid,
          "the folder `\(folder)`, in which \(origin.phrase) was started, cannot be entered",
          hint: "relative paths in it start from there")
      }
    }
  }

  private static func otherPlan(of origin: Origin) -> CommandFailure {
    CommandFailure(
      .invalid,
      "this version of privirun would make another plan of the files of \(origin.phrase)",
      hint: "continue it with version \(origin.version)")
  }

  private static func noPlan(of origin: Origin, _ error: InvalidInput) -> CommandFailure {
    let first = error.diagnostics.first
    // The machine lacks the zone, not the program.
    let zoneHint = first?.code == .unknownTimezone ? first?.hint : nil
    let reason = first.map { ": \($0.message)" } ?? ""
    return CommandFailure(
      .invalid, "the files of \(origin.phrase) make no plan any more\(reason)",
      hint: zoneHint ?? "continue it with version \(origin.version)")
  }

  /// Says which files are not what the run was started with any more: the run keeps to what it was.
  private static func reportChanges(
    of files: RecordedFiles, _ origin: Origin, _ say: (String) -> Void
  ) {
    let changed = files.changed(from: .disk)
    guard let first = changed.first else { return }
    let others = changed.count > 1 ? " and \(changed.count - 1) more" : ""
    say(
      "\(first)\(others) changed since \(origin.phrase) was started, which continues with the "
        + "original")
  }

  private static func checked(
    _ path: String, _ files: RecordedFiles, _ sizes: [String: Int], _ description: [UInt8],
    _ origin: Origin, _ reading: Reading
  ) throws -> CheckedPlaybook {
    do throws(InvalidInput) {
      let api = try reading.describe(description)
      var texts = SourceTexts()
      let loaded = try PlaybookLoader(files: files.files).load(path, texts: &texts)
      var checked = try Planner(api: api, zones: .system()).check(loaded)
      let binder = InputBinder(sources: .recorded(sizes: sizes))
      checked.planned = try binder.settlePlayed(in: checked.planned)
      return checked
    } catch {
      throw noPlan(of: origin, error)
    }
  }

  private static func sizes(in value: Value) -> [String: Int] {
    guard case .map(let map)? = value[field: "sizes"] else { return [:] }
    var sizes: [String: Int] = [:]
    for path in map.names {
      if case .int(let size)? = map[path] { sizes[path] = Int(size) }
    }
    return sizes
  }

  /// The texts that a run was planned from, as far as the journal holds them.
  static func texts(of start: RunStart, in journal: SQLiteJournal) async throws -> [StoredText] {
    var texts: [StoredText] = []
    for digest in [start.pinned?.files, start.pinned?.description] {
      guard let digest, let bytes = try await text(digest, in: journal) else { continue }
      texts.append(try StoredText(bytes))
    }
    return texts
  }

  /// The text that the journal keeps under `digest`, lower-case hex; nil where there is none.
  static func text(
    _ digest: String, in journal: SQLiteJournal
  ) async throws -> [UInt8]? {
    guard let bytes = Hexadecimal.decode(digest), let digest = TextDigest(bytes) else { return nil }
    do throws(JournalError) {
      return try await journal.text(digest)
    } catch {
      let failure = CommandFailure(.invalid, error.description, hint: error.hint)
      if case .damaged = error { throw failure.lasting }
      throw failure
    }
  }
}
