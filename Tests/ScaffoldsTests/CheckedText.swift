import Diagnostics
import Operations
import OrderedCollections
import Planning
import Playbooks
import Scaffolds

/// A text that is checked as `privirun check` does; refusals are the author's to decide on.
struct CheckedText {
  /// Everything that is wrong, as a person reads it; empty when nothing is.
  let complaints: String
  /// The playbook; nil when there is an error.
  let playbook: CheckedPlaybook?

  init(_ text: String) throws {
    var texts = SourceTexts()
    let files = PlaybookFiles.disk.holding(call: text)
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: files).load(PlaybookFiles.callName, texts: &texts)
      let checked = try Planner(api: DescribedAPI.result.get()).check(loaded)
      let found = checked.warnings + [checked.dependence].compactMap(\.self)
      complaints = DiagnosticRenderer(texts: texts).render(found)
      playbook = checked
    } catch {
      complaints = DiagnosticRenderer(texts: texts).render(error.diagnostics)
      playbook = nil
    }
  }
}

/// The description that is part of the program, read once for all tests.
enum DescribedAPI {
  static let result = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  static var value: APIDescription { get throws { try result.get() } }

  /// Everything that can be called; empty where the description cannot be read.
  static let names = (try? value).map { Callable.names(in: $0) } ?? []

  static func callable(_ id: String) throws -> Callable {
    guard let callable = Callable(id, in: try value) else { throw Missing(id: id) }
    return callable
  }

  struct Missing: Error { let id: String }
}
