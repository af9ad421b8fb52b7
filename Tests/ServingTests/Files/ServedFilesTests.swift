import Files
import Glibc
import Rollouts
import Serving
import Synchronization
import Testing

/// What is served, from real files of a temporary folder.
@Suite struct ServedFilesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let environment = ServedEnvironment(define: SampleRollouts.define)

  private func files(_ names: String...) -> ServedFiles {
    ServedFiles(
      names.isEmpty ? [folder.path] : names.map { folder($0) }, environment: Self.environment)
  }

  private func write(_ name: String, _ rollout: String, every seconds: Int = 60) throws {
    try folder.write("rollout: \(rollout)\nschedule: \(seconds)\n", to: name)
  }

  @Test func `a folder means its YAML files, hidden ones and folders in it left out`() async throws
  {
    for name in ["b.yaml", "a.yml", "C.YAML", ".d.yaml", "e.txt", "f.yaml~", "yaml", "xyml"] {
      try write(name, name)
    }
    try folder.makeFolder("g.yaml")
    try write("g.yaml/h.yaml", "h")
    try folder.write("playbook: 1\n", to: "p.yaml")
    symlink("nothing", folder("l.yaml"))
    let scan = await files().scan(.immediate)
    #expect(scan.served.map(\.name) == ["C.YAML", "a.yml", "b.yaml"])
    #expect(scan.served.map(\.path) == ["C.YAML", "a.yml", "b.yaml"].map { folder($0) })
    #expect(scan.reported == [])
    #expect(scan.unread == [])
    #expect(scan.counts.good == 3)
  }

  @Test func `links to files are followed`() async throws {
    try folder.makeFolder("v1")
    try folder.makeFolder("v2")
    try write("v1/a.yaml", "one")
    try write("v2/a.yaml", "other")
    symlink("v1", folder("current"))
    symlink("current/a.yaml", folder("a.yaml"))
    let files = files()
    #expect(await files.scan(.immediate).served.map(\.name) == ["one"])
    // As Kubernetes replaces the files of a volume.
    symlink("v2", folder("next"))
    rename(folder("next"), folder("current"))
    #expect(await files.scan(.settled).served.map(\.name) == ["one"])
    #expect(await files.scan(.settled).served.map(\.name) == ["other"])
  }

  @Test func `a file with a mistake is reported with its place and what to do`() async throws {
    try write("a.yaml", "a")
    let files = files()
    _ = await files.scan(.immediate)
    try folder.write("rollout: a\nschedule: bad\n", to: "a.yaml")
    let scan = await files.scan(.immediate)
    #expect(
      scan.reported == [
        ServedProblem(
          path: folder("a.yaml"), ["2:3: `bad` is no key (remove it)"], isServed: true)
      ])
    #expect(scan.served.map(\.name) == ["a"])
  }

  @Test(arguments: [
    ("rollout: a\nschedule: bad\n", true), ("schedule: bad\nrollout: a\n", true),
    ("rollout: bad\n", false), ("playbook: 1\n", false), ("- rollout\n- schedule\n", false),
    ("rollout: a\nschedule: [bad\n", true), ("{{ template }}\nrollout: [bad\n", false), ("", true),
  ])
  func `a file with mistakes counts where it is meant to have a schedule`(
    _ text: String, _ counts: Bool
  ) async throws {
    try folder.write(text, to: "a.yaml")
    let scan = await files().scan(.immediate)
    #expect(scan.counts.bad == (counts ? ["a.yaml"] : []))
    #expect(scan.unread == (counts ? [folder("a.yaml")] : []))
  }

  @Test func `a file that was cut to nothing keeps its definition`() async throws {
    try write("a.yaml", "a")
    let files = files()
    _ = await files.scan(.immediate)
    try folder.write("", to: "a.yaml")
    let scan = await files.scan(.immediate)
    #expect(scan.served.map(\.name) == ["a"])
    #expect(scan.reported.map(\.messages) == [["it is empty"]])
  }

  @Test func `a file of more than 1 MiB is refused`() async throws {
    let head = "rollout: a\nschedule: 60\n#"
    try folder.write(
      head + String(repeating: "x", count: (1 << 20) - head.utf8.count), to: "a.yaml")
    try folder.write(
      head + String(repeating: "x", count: (1 << 20) + 1 - head.utf8.count), to: "b.yaml")
    let scan = await files().scan(.immediate)
    #expect(scan.served.map(\.path) == [folder("a.yaml")])
    #expect(
      scan.reported == [
        ServedProblem(path: folder("b.yaml"), ["it has more than 1 MiB"], isServed: false)
      ])
  }

  @Test func `files and folders may be named together`() async throws {
    try folder.makeFolder("d")
    try write("d/a.yaml", "a")
    try write("e.txt", "e")
    let scan = await files("d", "e.txt", "d/a.yaml", "none.yaml").scan(.immediate)
    #expect(scan.served.map(\.name) == ["a", "e"])
    #expect(
      scan.reported == [
        ServedProblem(path: folder("none.yaml"), ["it cannot be found"], isServed: false)
      ])
  }

  @Test func `a folder that is away for a moment keeps its files`() async throws {
    try folder.makeFolder("d")
    try write("d/a.yaml", "a")
    let files = files("d")
    let first = await files.scan(.immediate)
    rename(folder("d"), folder("away"))
    for _ in 1...3 {
      let scan = await files.scan(.settled)
      #expect(scan.served == first.served)
      #expect(scan.unread == [folder("d")])
    }
    rename(folder("away"), folder("d"))
    let back = await files.scan(.settled)
    #expect(back.served == first.served)
    #expect(back.mended == [folder("d")])
  }

  @Test func `of files that do not change only the status is read`() async throws {
    for number in 1...50 { try write("\(number).yaml", "r\(number)") }
    let reads = Counter()
    var environment = Self.environment
    let read = environment.read
    environment.read = { path, limit throws(FileError) in
      reads.increment()
      return try read(path, limit)
    }
    let files = ServedFiles([folder.path], environment: environment)
    _ = await files.scan(.immediate)
    #expect(reads.count == 50)
    for _ in 1...3 { #expect(await files.scan(.settled).served.count == 50) }
    #expect(reads.count == 50)
    try write("7.yaml", "r7", every: 61)
    for _ in 1...3 { _ = await files.scan(.settled) }
    #expect(reads.count == 51)
  }

  @Test func `a file that cannot be looked at makes its folder a problem`() async throws {
    try write("a.yaml", "a")
    let files = ServedFiles([folder.path], environment: Self.environment)
    let first = await files.scan(.immediate)
    symlink("a.yaml/below", folder("b.yaml"))
    let scan = await files.scan(.settled)
    #expect(scan.served == first.served)
    #expect(
      scan.reported == [
        ServedProblem(
          path: folder.path, ["its file `b.yaml` cannot be looked at"], isServed: false)
      ])
  }

  @Test func `files beyond the limit are reported, and not served`() async throws {
    try write("10.yaml", "x")
    let sight = FileSight(try FileStatus(of: folder("10.yaml")))
    let files = (0...10_000).map { FolderFile("\(10_000 + $0).yaml", sight) }
    var environment = Self.environment
    environment.files = { _, _ in files }
    environment.look = { _ in sight }
    environment.read = { path, _ in Array("rollout: \(path)\nschedule: 60\n".utf8) }
    let scan = await ServedFiles([folder.path], environment: environment).scan(.immediate)
    #expect(scan.served.count == 10_000)
    #expect(
      scan.reported == [
        ServedProblem(
          path: folder.path,
          ["its files from `20000.yaml` on are not served, since there are more than 10000"],
          isServed: false)
      ])
  }
}

extension ServedFilesTests {
  private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func increment() { value.withLock { $0 += 1 } }
  }
}
