package import Events
package import Expressions
package import Operations
import OrderedCollections
package import Planning
import Playbooks

/// What the inputs of a playbook become: texts that calls and logins are given, or what a plan depends on.
///
/// An input that only becomes part of such texts cannot change what a plan without reads says, unless one of
/// the texts is equal to another text, cannot be sent, or names a file of this machine. `SharedPlan` relies on
/// that.
///
/// What is no such text counts as depended on: whatever is not known here costs time, and is never wrong.
package struct InputFlows: Sendable {
  /// The inputs on which more than texts depends: conditions, loops, titles, computed values.
  package internal(set) var deciding: Set<String> = []
  /// The inputs that become parts of texts, whatever else they do, and those that are secret.
  var flowing: Set<String> = []
  /// Whether something depends on the run itself, such as its id.
  package var usesRun = false
  /// The texts that fields of calls are given, by the path of the step without numbers of rounds.
  var arguments: [StepPath: OrderedDictionary<String, InputText>] = [:]
  /// The texts of sessions.
  var credentials: [InputText] = []
  /// The inputs of played playbooks that are such texts, with what they must be.
  var played: [PlayedInput] = []
  /// The calls of local actions, in the order of the playbook.
  var localCalls: [LocalCall] = []
  /// Whether there are calls that touch files and whose arguments are not known without a run.
  var hasOtherFiles = false
  /// What expressions use of the results of steps.
  var usedResults = UsedResults()

  /// The flows of the inputs of `playbook`.
  package init(in playbook: PlannedPlaybook) {
    var walk = InputFlowWalk(playbook)
    walk.visit(playbook)
    self = walk.flows
  }

  init() {}

  /// All texts, each once.
  var texts: Set<InputText> {
    Set(
      arguments.values.flatMap(\.values) + credentials + played.map(\.text)
        + localCalls.flatMap { $0.arguments.values.compactMap(\.text) })
  }
}

/// An input of a played playbook.
struct PlayedInput: Sendable, Hashable {
  let declaration: InputDeclaration
  let text: InputText
}

extension InputFlows {
  /// A call of a local action.
  package struct LocalCall: Sendable {
    /// What a field is given.
    enum Argument: Sendable {
      case text(InputText)
      /// Something else, of inputs of the outermost playbook.
      case value(Template)

      var text: InputText? { if case .text(let text) = self { text } else { nil } }
    }

    /// The step that makes it.
    package let path: StepPath
    /// What is called.
    package let action: LocalAction
    let arguments: OrderedDictionary<String, Argument>
    /// Whether something is expected of its result.
    let isExamined: Bool

    /// What the call is given where the inputs have these values; nil where it cannot be evaluated.
    package func arguments(of inputs: ValueMap, zones: NamedZones?) -> ValueMap? {
      var values = ValueMap()
      for (name, argument) in arguments {
        switch argument {
        case .text(let text):
          guard let value = text.value(of: inputs) else { return nil }

          values[name] = value
        case .value(let template):
          let bindings = Bindings(["inputs": .map(inputs)], zones: zones)
          guard let value = try? template.evaluate(with: bindings) else { return nil }
          values[name] = value
        }
      }
      return values
    }
  }
}

/// What expressions use of the results of steps, by the ids of the steps wherever they stand.
struct UsedResults: Sendable {
  /// Nil where an expression computes an id, so that all are used.
  private var fields: [String: Set<String>]? = [:]
  private var whole: Set<String> = []

  /// Whether the field of the result of a step may be used.
  func contains(_ field: String, of id: String) -> Bool {
    guard let fields else { return true }
    return whole.contains(id) || (fields[id]?.contains(field) ?? false)
  }

  /// Adds a use of `steps` with these fields after it.
  mutating func add(_ path: [String]) {
    switch path.count {
    case 0: fields = nil
    case 1: whole.insert(path[0])
    case _: fields?[path[0], default: []].insert(path[1])
    }
  }
}
