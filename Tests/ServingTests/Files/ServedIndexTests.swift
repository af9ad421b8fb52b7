import Diagnostics
import Files
import Rollouts
import Schedules
import Serving
import Testing

/// What is served, from listings and readings alone.
@Suite struct ServedIndexTests {
  private static let folder = "/d"
  private static let sight: FileSight? = (try? FileStatus(of: "/")).map { status in
    var sight = FileSight(status)
    sight.problem = nil
    return sight
  }

  private var index = ServedIndex()

  /// A file of `size` bytes in the folder.
  private static func entry(
    _ size: Int, _ origin: ServedListing.Origin = .listed(folder: folder),
    problem: FileError.Problem? = nil
  ) throws -> ServedListing.Entry {
    var sight = try #require(sight)
    sight.size = size
    sight.problem = problem
    return .init(origin, sight)
  }

  private static func listing(_ files: [String: ServedListing.Entry]) -> ServedListing {
    var listing = ServedListing()
    listing.files = files
    return listing
  }

  private static func rollout(_ name: String, _ path: String, every: Duration = .seconds(1))
    -> ServedReading
  {
    .rollout(SampleRollouts.definition(name, at: path, every: every))
  }

  /// One scan, in which each file that is wanted has one of the readings.
  private mutating func scan(
    _ files: [String: ServedListing.Entry], _ patience: ScanPatience = .settled,
    _ readings: [String: ServedReading] = [:]
  ) -> (wanted: [String], scan: ServedScan) {
    let wanted = index.apply(Self.listing(files), patience)
    return (wanted, index.apply(readings.filter { wanted.contains($0.key) }))
  }

  @Test mutating func `a warning is reported once for each change of a file`() throws {
    func odd(_ message: String) -> ServedReading {
      var definition = SampleRollouts.definition("a", at: "/d/a")
      definition.warnings = [
        Diagnostic(
          .needlessKey, message, at: SourceLocation(file: "/d/a", line: 3, column: 1),
          hint: "remove it",
          severity: .warning)
      ]
      return .rollout(definition)
    }
    func reported(_ message: String) -> [ServedWarnings] {
      [ServedWarnings(path: "/d/a", ["3:1: \(message) (remove it)"])]
    }
    let files = ["/d/a": try Self.entry(1)]
    #expect(scan(files, .immediate, ["/d/a": odd("x")]).scan.warned == reported("x"))
    #expect(scan(files, .settled).scan.warned == [])
    #expect(scan(files, .immediate, ["/d/a": odd("x")]).scan.warned == [])
    #expect(scan(files, .immediate, ["/d/a": odd("y")]).scan.warned == reported("y"))
    let good = scan(files, .immediate, ["/d/a": Self.rollout("a", "/d/a")]).scan
    #expect(good.warned == [] && good.reported == [])
    #expect(scan(files, .immediate, ["/d/a": odd("y")]).scan.warned == reported("y"))
  }

  private static func names(_ scan: ServedScan) -> [String] { scan.served.map(\.name) }

  @Test mutating func `a new file is read once it was the same for one scan`() throws {
    let files = ["/d/a": try Self.entry(1)]
    let readings = ["/d/a": Self.rollout("a", "/d/a")]
    let first = scan(files, .settled, readings)
    #expect(first.wanted == [])
    #expect(first.scan.unread == ["/d/a"])
    let second = scan(files, .settled, readings)
    #expect(second.wanted == ["/d/a"])
    #expect(Self.names(second.scan) == ["a"])
    #expect(second.scan.unread == [])
    #expect(second.scan.hasChanged)
    let third = scan(files, .settled, readings)
    #expect(third.wanted == [])
    #expect(third.scan.served == second.scan.served)
    #expect(!third.scan.hasChanged)
  }

  @Test mutating func `an immediate scan reads everything, changed or not`() throws {
    let files = ["/d/a": try Self.entry(1), "/d/b": try Self.entry(1)]
    let readings = ["/d/a": Self.rollout("a", "/d/a"), "/d/b": Self.rollout("b", "/d/b")]
    #expect(scan(files, .immediate, readings).wanted == ["/d/a", "/d/b"])
    let again = scan(files, .immediate, readings)
    #expect(again.wanted == ["/d/a", "/d/b"])
    #expect(!again.scan.hasChanged)
  }

  @Test mutating func `a file that is being written is not read`() throws {
    let readings = ["/d/a": Self.rollout("a", "/d/a", every: .seconds(2))]
    _ = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    for size in 2...5 {
      let files = ["/d/a": try Self.entry(size)]
      let (wanted, scan) = scan(files, .settled, readings)
      #expect(wanted == [])
      #expect(Self.names(scan) == ["a"])
      #expect(!scan.hasChanged)
    }
    let (wanted, last) = scan(["/d/a": try Self.entry(5)], .settled, readings)
    #expect(wanted == ["/d/a"])
    #expect(last.served.first?.definition.schedule?.every == .seconds(2))
  }

  @Test mutating func `a file that was written while it was read is read again`() throws {
    let files = ["/d/a": try Self.entry(1)]
    let first = scan(files, .immediate, ["/d/a": .unstable])
    #expect(first.scan.unread == ["/d/a"])
    #expect(scan(files, .settled, ["/d/a": Self.rollout("a", "/d/a")]).wanted == ["/d/a"])
    #expect(scan(files).wanted == [])
  }

  @Test mutating func `the last good definition is kept, and a problem reported once`() throws {
    let bad = ServedReading.flawed(["2:3: x"], .scheduled)
    let first = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    let files = ["/d/a": try Self.entry(2)]
    _ = scan(files)
    let second = scan(files, .settled, ["/d/a": bad]).scan
    #expect(second.served == first.scan.served)
    #expect(second.reported == [ServedProblem(path: "/d/a", ["2:3: x"], isServed: true)])
    #expect(second.counts.kept == ["a"])
    #expect(second.unread == [])
    #expect(!second.hasChanged)
    let third = scan(files).scan
    #expect(third.reported == [])
    #expect(third.counts.kept == ["a"])
    let other = scan(files, .immediate, ["/d/a": .flawed(["4:5: y"], .other)]).scan
    #expect(other.reported == [ServedProblem(path: "/d/a", ["4:5: y"], isServed: true)])
    let mended = scan(files, .immediate, ["/d/a": Self.rollout("b", "/d/a")]).scan
    #expect(mended.mended == ["/d/a"])
    #expect(Self.names(mended) == ["b"])
    #expect(mended.counts.good == 1)
  }

  @Test mutating func `a file with an error that is removed is not said to be fixed`() throws {
    let bad = ServedReading.flawed(["2:3: x"], .scheduled)
    let first = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": bad]).scan
    #expect(first.reported.map(\.path) == ["/d/a"])
    let gone = scan([:], .immediate).scan
    #expect(gone.mended == [])
    #expect(gone.counts.bad == [])
  }

  @Test mutating func `a file that never was good is not served, and left as it is`() throws {
    let files = ["/d/a": try Self.entry(1)]
    let scan = scan(files, .immediate, ["/d/a": .flawed(["x"], .scheduled)]).scan
    #expect(scan.served == [])
    #expect(scan.unread == ["/d/a"])
    #expect(scan.counts.bad == ["a"])
    #expect(scan.reported == [ServedProblem(path: "/d/a", ["x"], isServed: false)])
  }

  @Test mutating func `other files of a folder are passed over in silence`() throws {
    let files = ["/d/a": try Self.entry(1), "/d/b": try Self.entry(1)]
    let without = SampleRollouts.definition("b", at: "/d/b", every: nil)
    let scan = scan(
      files, .immediate, ["/d/a": .flawed(["x"], .other), "/d/b": .rollout(without)]
    ).scan
    #expect(scan.served == [])
    #expect(scan.unread == [])
    #expect(scan.reported == [])
    #expect(scan.counts == ServedCounts())
  }

  @Test mutating func `a file that is named must have a schedule`() throws {
    let files = ["/a": try Self.entry(1, .named), "/b": try Self.entry(1, .named)]
    let without = SampleRollouts.definition("b", at: "/b", every: nil)
    let scan = scan(files, .immediate, ["/a": .flawed(["x"], .other), "/b": .rollout(without)]).scan
    #expect(
      scan.reported == [
        ServedProblem(path: "/a", ["x"], isServed: false),
        ServedProblem(
          path: "/b",
          ["it has no schedule: add the key `schedule`, or remove it from the arguments"],
          isServed: false),
      ])
    #expect(scan.counts.bad == ["a", "b"])
  }

  @Test mutating func `a schedule that is removed from its file is gone`() throws {
    _ = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    let without = SampleRollouts.definition("a", at: "/d/a", every: nil)
    let scan = scan(["/d/a": try Self.entry(2)], .immediate, ["/d/a": .rollout(without)]).scan
    #expect(scan.served == [])
    #expect(scan.unread == [])
    #expect(scan.hasChanged)
  }

  @Test mutating func `a file is gone when two scans in a row miss it`() throws {
    let files = ["/d/a": try Self.entry(1)]
    _ = scan(files, .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    #expect(Self.names(scan([:]).scan) == ["a"])
    #expect(Self.names(scan(files).scan) == ["a"])
    #expect(Self.names(scan([:]).scan) == ["a"])
    let last = scan([:]).scan
    #expect(last.served == [])
    #expect(last.hasChanged)
  }

  @Test mutating func `a file is gone at once in an immediate scan`() throws {
    _ = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    #expect(scan([:], .immediate).scan.served == [])
  }

  @Test mutating func `a file that is named and gone is a problem`() throws {
    let gone = ["/a": ServedListing.Entry(.named, nil)]
    let missing = ServedProblem(path: "/a", ["it cannot be found"], isServed: false)
    #expect(scan(gone, .immediate).scan.reported == [missing])
    let files = ["/a": try Self.entry(1, .named)]
    let found = scan(files, .immediate, ["/a": Self.rollout("a", "/a")]).scan
    #expect(found.mended == ["/a"])
    #expect(Self.names(scan(gone).scan) == ["a"])
    let last = scan(gone).scan
    #expect(last.served == [])
    #expect(last.unread == ["/a"])
    #expect(last.reported == [missing])
    #expect(scan(gone).scan.reported == [])
  }

  @Test(arguments: ["unlisted", "gone"])
  mutating func `a folder that cannot be listed keeps its files`(_ how: String) throws {
    let first = scan(["/d/a": try Self.entry(1)], .immediate, ["/d/a": Self.rollout("a", "/d/a")])
    var listing = ServedListing()
    var message = "it cannot be found"
    if how == "gone" {
      listing.files[Self.folder] = .init(.named, nil)
    } else {
      message = "it cannot be listed: Permission denied"
      listing.flawedFolders[Self.folder] = message
    }
    for number in 1...4 {
      #expect(index.apply(listing, .settled) == [])
      let scan = index.apply([:])
      #expect(scan.served == first.scan.served)
      #expect(scan.unread == [Self.folder])
      #expect(scan.counts.bad == ["d"])
      let problem = ServedProblem(path: Self.folder, [message], isServed: false)
      #expect(scan.reported == (number == 1 ? [problem] : []))
    }
    let back = scan(["/d/a": try Self.entry(1)])
    #expect(back.wanted == [])
    #expect(back.scan.mended == [Self.folder])
    #expect(back.scan.served == first.scan.served)
  }

  @Test mutating func `of two files with one name the first by path is served`() throws {
    let files = ["/d/a": try Self.entry(1), "/d/b": try Self.entry(1)]
    let readings = ["/d/a": Self.rollout("x", "/d/a"), "/d/b": Self.rollout("x", "/d/b")]
    let both = scan(files, .immediate, readings).scan
    #expect(both.served.map(\.path) == ["/d/a"])
    #expect(
      both.reported == [
        ServedProblem(
          path: "/d/b",
          ["the rollout `x` is also that of `/d/a`, which is served: rename one of them"],
          isServed: false)
      ])
    #expect(both.counts.good == 1)
    #expect(both.counts.bad == ["b"])
    #expect(both.unread == [])
    // The other one follows when the first is gone.
    let one = scan(["/d/b": try Self.entry(1)], .immediate, readings).scan
    #expect(one.served.map(\.path) == ["/d/b"])
    #expect(one.mended == ["/d/b"])
  }

  @Test mutating func `a file that cannot be read is tried at each scan`() throws {
    let files = ["/d/a": try Self.entry(1)]
    let unreadable = ["/d/a": ServedReading.unreadable("it cannot be read: Permission denied")]
    let first = scan(files, .immediate, unreadable)
    #expect(first.scan.unread == ["/d/a"])
    let second = scan(files, .settled, unreadable)
    #expect(second.wanted == ["/d/a"])
    #expect(second.scan.reported == [])
    let third = scan(files, .settled, ["/d/a": Self.rollout("a", "/d/a")])
    #expect(third.scan.mended == ["/d/a"])
    #expect(Self.names(third.scan) == ["a"])
  }

  @Test mutating func `what is no file is a problem only where it is named`() throws {
    let pipe = FileError.Problem.isSpecial("a pipe")
    let files = [
      "/a": try Self.entry(1, .named, problem: pipe), "/d/b": try Self.entry(1, problem: pipe),
      "/d/c": try Self.entry(1, problem: .isFolder),
    ]
    let (wanted, scan) = scan(files, .immediate)
    #expect(wanted == [])
    #expect(
      scan.reported == [
        ServedProblem(path: "/a", ["it is a pipe, not a regular file"], isServed: false)
      ])
    #expect(scan.unread == ["/a"])
  }
}
