import Diagnostics
import OrderedCollections
import Playbooks

/// Every step id of one file, and where it stands.
struct StepIndex: Sendable {
  /// One branch of one `parallel` step.
  struct BranchName: Sendable, Hashable {
    let parallel: SourceLocation
    let name: String
  }

  /// A stretch of the file whose steps are seen only inside it.
  enum Enclosure: String, Sendable {
    case loop = "`for-each`"
    case rescue = "`rescue`"
    case always = "`always`"
  }

  struct Place: Sendable {
    let location: SourceLocation
    /// The innermost enclosure around the step.
    let enclosure: Enclosure?
    /// The branches around the step, outermost first.
    let branches: [BranchName]
  }

  private(set) var places: OrderedDictionary<String, Place> = [:]

  init(of steps: [Step]) {
    add(steps, enclosure: nil, branches: [])
  }

  private mutating func add(_ steps: [Step], enclosure: Enclosure?, branches: [BranchName]) {
    for step in steps {
      note(step, enclosure, branches)
      switch step.kind {
      case .call, .play, .assert, .wait: break
      case .forEach(let loop): add(loop.steps, enclosure: .loop, branches: branches)
      case .block(let steps): add(steps, enclosure: enclosure, branches: branches)
      case .parallel(let parallel):
        for (name, branch) in parallel {
          let name = BranchName(parallel: step.location, name: name)
          add(branch.steps, enclosure: enclosure, branches: branches + [name])
        }
      }
      add(step.modifiers.rescue, enclosure: .rescue, branches: branches)
      add(step.modifiers.always, enclosure: .always, branches: branches)
    }
  }

  private mutating func note(_ step: Step, _ enclosure: Enclosure?, _ branches: [BranchName]) {
    guard let id = step.id else { return }
    places[id] = Place(location: step.location, enclosure: enclosure, branches: branches)
  }
}
