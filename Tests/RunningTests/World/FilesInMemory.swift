import Files
import Machine
import Operations
import Running
import Synchronization

/// Files in memory that can change under the reader's hands and run out of space.
final class FilesInMemory: Sendable {
  private struct State {
    var contents: [String: [UInt8]]
    var secretPaths: Set<String> = []
    var growth = 0
    var space = Int.max
    var draws: UInt8 = 0
  }

  private let state: Mutex<State>

  init(_ contents: [String: [UInt8]] = [:]) {
    state = Mutex(State(contents: contents))
  }

  /// Every file, those in the making too.
  var all: [String: [UInt8]] { state.withLock(\.contents) }

  /// How often random bytes were drawn.
  var draws: Int { state.withLock { Int($0.draws) } }

  /// By how much a file is longer than it was when it was opened.
  var growth: Int {
    get { state.withLock(\.growth) }
    set { state.withLock { $0.growth = newValue } }
  }

  /// How many bytes can still be written.
  var space: Int {
    get { state.withLock(\.space) }
    set { state.withLock { $0.space = newValue } }
  }

  /// Local actions with these files; each draw of random bytes is another.
  var actions: LocalActions {
    LocalActions(files: access) { count in
      self.state.withLock { state in
        state.draws += 1
        return Array(repeating: state.draws, count: count)
      }
    }
  }

  var access: LocalFiles {
    LocalFiles(
      absolute: { path in path },
      read: { path, _ throws(LocalFailure) in try self.bytes(of: path) },
      readKey: { path throws(LocalFailure) in try self.bytes(of: path) },
      exists: { self.all[$0] != nil },
      replaced: { path, protection in
        let isOpen = self.state.withLock { !$0.secretPaths.contains(path) }
        return self.all[path].map {
          ReplacedFile(size: $0.count, isNarrowed: protection == .secret && isOpen)
        }
      },
      write: { path, bytes, protection in
        self.state.withLock { state in
          state.contents[path] = bytes
          if protection != .shared { state.secretPaths.insert(path) }
        }
        return nil
      },
      open: { path throws(LocalFailure) in
        let bytes = try self.bytes(of: path)
        let grown =
          bytes.prefix(bytes.count + self.growth) + Array(repeating: 0, count: max(0, self.growth))
        return Reader(size: bytes.count, file: BytesFile(Array(grown)))
      },
      create: { path, protection in
        self.state.withLock { state in
          state.contents["\(path).part"] = []
          if protection != .shared { state.secretPaths.insert(path) }
        }
        return Writer(files: self, path: path, draft: "\(path).part")
      })
  }

  private func bytes(of path: String) throws(LocalFailure) -> [UInt8] {
    guard let bytes = all[path] else { throw LocalFailure("`\(path)` cannot be read") }
    return bytes
  }

  private struct Reader: ReadableFile {
    let size: Int
    let file: BytesFile

    func read(_ count: Int) throws(LocalFailure) -> [UInt8] { try file.read(count) }
  }

  private struct Writer: WritableFile {
    let files: FilesInMemory
    let path: String
    let draft: String

    func write(_ bytes: [UInt8]) throws(LocalFailure) {
      let fits = files.state.withLock { state in
        guard bytes.count <= state.space else { return false }
        state.space -= bytes.count
        state.contents[draft, default: []] += bytes
        return true
      }
      guard fits else { throw LocalFailure("`\(path)` cannot be written: disk full") }
    }

    func commit() throws(LocalFailure) -> String? {
      files.state.withLock { $0.contents[path] = $0.contents.removeValue(forKey: draft) }
      return nil
    }

    func discard() {
      files.state.withLock { $0.contents[draft] = nil }
    }
  }
}
