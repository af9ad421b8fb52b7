import Diagnostics
import Files
import OrderedCollections

/// One loading in progress: follows each `play`, depth first, and reads each file once.
struct PlaybookLoading {
  private let files: PlaybookFiles
  private let limits: PlaybookLoader.Limits
  /// The key of the first playbook: its name.
  private let root: String
  /// The resolved folder of the first playbook, which no play leads out of.
  private let folder: String
  /// What stands before a key to make the name that the user sees.
  private let shownFolder: String

  private var diagnostics = DiagnosticList()
  private(set) var texts = SourceTexts()
  private var playbooks: OrderedDictionary<String, Playbook> = [:]
  private var links: [LoadedPlaybooks.Link: String] = [:]
  private var contents: [String: [UInt8]] = [:]
  /// For each file that was gone through, how many playbooks are inside one another in it.
  private var heights: [String: Int] = [:]

  /// Throws when the first file cannot be found.
  init(root path: String, files: PlaybookFiles, limits: PlaybookLoader.Limits) throws(InvalidInput)
  {
    self.files = files
    self.limits = limits
    do throws(PlaybookFiles.Problem) {
      let resolved = try files.resolve(path)
      root = PlayedPath.name(of: resolved)
      folder = PlayedPath.folder(of: resolved)
      let typed = PlayedPath.folder(of: path)
      let isPlain = (try? files.resolve(typed.isEmpty ? "." : typed)) == folder
      shownFolder = isPlain && PlayedPath.name(of: path) == root ? typed : folder
    } catch {
      throw InvalidInput([
        PlayedFileProblem(
          path: path, folder: PlayedPath.folder(of: path), problem: error, files: files
        ).diagnostic(at: nil)
      ])
    }
  }

  mutating func load() {
    _ = visit(root, chain: [], from: nil)
  }

  var loaded: LoadedPlaybooks {
    LoadedPlaybooks(
      root: root, playbooks: playbooks, texts: texts, diagnostics: diagnostics, links: links,
      contents: contents)
  }

  /// Goes through a file unless that was done, and answers its height; nil when it is too deep.
  ///
  /// Recursion is bounded by the depth limit.
  private mutating func visit(
    _ key: String, chain: [String], from place: SourceLocation?
  ) -> Int? {
    if let height = heights[key] {
      return checkDepth(chain.count + height, at: place) ? height : nil
    }
    guard checkDepth(chain.count + 1, at: place) else { return nil }
    guard let playbook = read(key, from: place) else { return 1 }
    var height = 1
    for play in playbook.steps.flatMap(\.plays) {
      guard let target = follow(play.path, from: key, chain: chain + [key]) else { continue }
      if let below = visit(target, chain: chain + [key], from: play.path.location) {
        height = max(height, 1 + below)
      } else {
        links[LoadedPlaybooks.Link(play.path)] = nil
      }
    }
    heights[key] = height
    return height
  }

  private mutating func checkDepth(_ depth: Int, at place: SourceLocation?) -> Bool {
    guard depth > limits.depth else { return true }
    diagnostics.add(
      Diagnostic(
        .playTooDeep, "more than \(limits.depth) playbooks are inside one another", at: place,
        hint: "play some of them one after the other"))
    return false
  }

  // MARK: Reading

  private mutating func read(_ key: String, from place: SourceLocation?) -> Playbook? {
    guard contents.count < limits.files else {
      diagnostics.add(
        Diagnostic(
          .tooManyFiles, "more than \(limits.files) playbooks belong together", at: place,
          hint: "split the work into several runs"))
      return nil
    }
    let file = PlayedPath.join(shownFolder, key)
    guard let bytes = bytes(of: key, shownAs: file, from: place) else { return nil }
    contents[key] = bytes
    texts[file] = YAMLText.lossy(bytes)
    let playbook = Playbook(reading: bytes, file: file, diagnostics: &diagnostics)
    playbooks[key] = playbook
    if playbook == nil { heights[key] = 1 }
    return playbook
  }

  private mutating func bytes(
    of key: String, shownAs file: String, from place: SourceLocation?
  ) -> [UInt8]? {
    do throws(PlaybookFiles.Problem) {
      return try files.read(PlayedPath.join(folder, key), YAMLLimits.playbook.bytes)
    } catch {
      let diagnostic = PlayedFileProblem(
        path: file, folder: PlayedPath.folder(of: file), problem: error, files: files)
      diagnostics.add(diagnostic.diagnostic(at: place))
      heights[key] = 1
      return nil
    }
  }

  // MARK: Following

  /// The key of what a `play` means, or nil when it must not or cannot be followed.
  private mutating func follow(
    _ path: Located<String>, from key: String, chain: [String]
  ) -> String? {
    do throws(InvalidInput) {
      let target = try find(path, from: key)
      guard let first = chain.firstIndex(of: target) else {
        links[LoadedPlaybooks.Link(path)] = target
        return target
      }
      let names = (chain[first...] + [target]).map { PlayedPath.join(shownFolder, $0) }
      throw InvalidInput([.playCycle(names, at: path.location)])
    } catch {
      diagnostics.add(error.diagnostics)
      return nil
    }
  }

  private func find(
    _ path: Located<String>, from key: String
  ) throws(InvalidInput) -> String {
    guard !UserPath.isAbsolute(path.value) else {
      throw InvalidInput([.absolutePlay(at: path.location)])
    }
    guard let key = PlayedPath.resolve(path.value, from: key) else {
      throw InvalidInput([.playOutside(path, folder: shownFolder)])
    }
    do throws(PlaybookFiles.Problem) {
      let resolved = try files.resolve(PlayedPath.join(folder, key))
      if let target = PlayedPath.relative(resolved, to: folder) { return target }
    } catch {
      let searched = PlayedPath.join(folder, PlayedPath.folder(of: key))
      let diagnostic = PlayedFileProblem(
        path: path.value, folder: searched, problem: error, files: files)
      throw InvalidInput([diagnostic.diagnostic(at: path.location)])
    }
    throw InvalidInput([.playOutside(path, folder: shownFolder)])
  }
}
