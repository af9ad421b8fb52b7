import Events
import Expressions
import Machine
import Operations
import Planning
import Running

/// What the files hold that are among the inputs of a plan.
struct FileContents {
  /// The digest of each file, by its path.
  let digests: ValueMap

  /// Reads the files among the inputs of `plan`, and those at `defaults`, which played playbooks have.
  ///
  /// Throws with status 2 where one cannot be read.
  init(of plan: Plan, _ defaults: some Sequence<String>, home: String?) throws {
    let actions = LocalActions.live(home: home)
    let paths = Set(Self.paths(in: .map(plan.inputs)) + defaults).sorted()
    digests = try Self.digests(of: paths, by: actions)
  }

  private static func digests(
    of paths: [String], by actions: LocalActions
  ) throws -> ValueMap {
    var digests = ValueMap()
    for path in paths {
      do throws(LocalFailure) {
        let result = try actions.perform(.digestFile, ["file": .string(path)])
        digests[path] = result.fields["sha256"]
      } catch {
        throw CommandFailure(
          .invalid, "`\(path)` cannot be read: \(error.message)", hint: error.hint)
      }
    }
    return digests
  }

  /// One line for each file that does not hold what it did; a file of the same contents may have another
  /// path, where the same playbook is in another folder.
  func moved(from earlier: ValueMap) -> [String] {
    let known = Set(earlier.names.compactMap { earlier[$0] })
    return digests.names.compactMap { path in
      guard let digest = digests[path], earlier[path] != digest else { return nil }
      if earlier[path] == nil, known.contains(digest) { return nil }
      return "the contents of `\(path)` changed"
    }
  }

  private static func paths(in value: Value) -> [String] {
    switch value {
    case .list(let elements): elements.flatMap(paths)
    case .map(let fields):
      if let path = fields["path"]?.text, let size = fields["size"],
        LocalFile.value(path: path, size: size) == value
      {
        [path]
      } else {
        fields.names.flatMap { paths(in: fields[$0] ?? .null) }
      }
    case _: []
    }
  }
}
