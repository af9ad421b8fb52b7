import Diagnostics
import Expressions
import OrderedCollections

/// The results of one file's steps that are done, and where they can be used.
struct StepResults: Sendable {
  private let index: StepIndex
  private var done: [String: InferredValue] = [:]

  /// Whether a step's result can be used at some location.
  enum Use {
    case known(InferredValue)
    /// It cannot be used there, for this reason.
    case refused(String)
    /// The file has no such step.
    case unknown
  }

  init(of index: StepIndex) {
    self.index = index
  }

  /// Every step id of the file.
  var knownSteps: some Collection<String> { index.places.keys }

  func isKnown(_ id: String) -> Bool { index.places[id] != nil }

  /// The step `id` is done.
  mutating func publish(_ id: String?, _ result: InferredValue) {
    guard let id else { return }
    done[id] = result
  }

  /// The results of the steps that are seen only inside `enclosure`, which is done.
  func results(inside enclosure: StepIndex.Enclosure) -> OrderedDictionary<String, InferredValue> {
    var results: OrderedDictionary<String, InferredValue> = [:]
    for id in index.members(of: enclosure) { results[id] = done[id] }
    return results
  }

  /// Where the step `id` stands, when `enclosure` is its innermost one.
  func location(
    of id: String, directlyInside enclosure: StepIndex.Enclosure
  ) -> SourceLocation? {
    index.members(of: enclosure).contains(id) ? index.places[id]?.location : nil
  }

  /// Where the step `id` stands, or nil when there is none.
  func place(of id: String) -> SourceLocation? { index.places[id]?.location }

  /// What is known of the step `id` at `location`, where `scope` is seen.
  func use(of id: String, at location: SourceLocation, in scope: NameScope) -> Use {
    guard let place = index.places[id] else { return .unknown }
    guard !index.ambiguous.contains(id) else { return .known(.nothing) }
    if scope.open.contains(id) {
      return .refused("the step `\(id)` is not done yet here: it cannot use itself")
    }
    let rival = place.branches.contains { branch in
      scope.branches.contains { $0.parallel == branch.parallel && $0.name != branch.name }
    }
    if rival {
      return .refused("the step `\(id)` runs in another branch at the same time")
    }
    let hidden = place.enclosures.last { !scope.enclosures.contains($0) }
    if let result = done[id] {
      guard let hidden else { return .known(result) }
      return .refused(
        "the step `\(id)` is inside \(hidden.kind.rawValue) and is seen only there")
    }
    if (place.location.line, place.location.column) > (location.line, location.column) {
      return .refused("the step `\(id)` comes later")
    }
    let enclosure = hidden?.kind.rawValue ?? "other steps"
    return .refused("the step `\(id)` is inside \(enclosure) and is seen only there")
  }
}
