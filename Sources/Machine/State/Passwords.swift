import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The passwords that the run itself has set, by login name: a session that logs in again needs the
/// newest, whatever the playbook gave it before.
struct Passwords: Sendable, Hashable {
  /// The field that holds the new password, by the id of the operation that sets it.
  private let fields: [String: String]
  private var newest: [String: Secret] = [:]
  /// Those of requests of which nobody knows yet whether they had their effect.
  private var possible: [String: Secret] = [:]

  init(of api: APIDescription) {
    fields = Dictionary(
      api.operations.values.compactMap { operation in
        operation.passwordField.map { (operation.id, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What may be the password of `username` now, the likeliest first, each once; `given` is what its
  /// session was given, which may hold again after somebody took the change back.
  func candidates(for username: String, given: Secret) -> [Secret] {
    [newest[username] ?? given, possible[username], given].compactMap(\.self)
      .reduce(into: []) { candidates, password in
        if !candidates.contains(password) { candidates.append(password) }
      }
  }

  /// Applies an event to what was known before it; `tree` does not know it yet either.
  mutating func apply(_ event: RunEvent, in tree: StepTree) {
    guard !fields.isEmpty else { return }
    switch event.kind {
    case .requestIntended(let path, let intent):
      guard let (username, password) = change(intent, path, tree) else { return }
      possible[username] = password
    case .requestAnswered(let path, let answer):
      guard Calls.effect(of: answer.status, asksToWait: false) == .none else { return }
      settle(path, tree, isDone: false)
    case .commandSettled(let path, let verdict):
      guard case .unknown = verdict.state else {
        return settle(path, tree, isDone: verdict.state == .succeeded)
      }
    case .doubtSettled(let path, let verdict): settle(path, tree, isDone: verdict.isDone)
    case .stepFinished(let path, let result):
      let progress = tree.id(of: path).flatMap { tree.step($0) }?.progress
      guard result.outcome == .succeeded, progress?.exchange?.verdict == nil, progress?.doubt == nil
      else { return }
      settle(path, tree, isDone: true)
    case _: break
    }
  }

  private mutating func settle(_ path: StepPath, _ tree: StepTree, isDone: Bool) {
    guard let intent = tree.id(of: path).flatMap({ tree.step($0) })?.progress.exchange?.intent,
      let (username, password) = change(intent, path, tree)
    else { return }
    if isDone { newest[username] = password }
    possible[username] = nil
  }

  /// Whose password the request of a step sets, and to what; nil where it sets none.
  private func change(
    _ intent: RequestIntent, _ path: StepPath, _ tree: StepTree
  ) -> (username: String, password: Secret)? {
    guard let field = fields[intent.operation],
      let recorded = intent.arguments[field]?.revealed.text,
      let username = tree.username(ofStepAt: path)
    else { return nil }
    // What is recorded of a long text is only its beginning.
    let isWhole = recorded.utf8.count <= Value.longestRecordedText
    let password = isWhole ? recorded : tree.argument(field, ofStepAt: path) ?? recorded
    return (username, Secret(.string(password)))
  }
}

extension StepTree {
  /// A text that the step in progress at `path` calls an operation with.
  fileprivate func argument(_ name: String, ofStepAt path: StepPath) -> String? {
    guard let id = id(of: path), let node = nodes[id], let step = step(id)?.step,
      case .call(let call) = step.kind, let template = call.arguments[name]
    else { return nil }
    return (try? evaluate(template, in: node.scope))?.revealed.text
  }
}
