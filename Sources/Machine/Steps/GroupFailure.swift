import Events
import Expressions
import Planning

/// Why a group failed: the reason of its first child that did, and how many others there are.
extension RunMachine {
  /// So many reasons are given.
  private static var mostReasons: Int { 3 }

  /// The failure of a group whose children failed; nil when none did.
  ///
  /// The first decides its class; with several, the message names them.
  func failure(of group: GroupState, at id: NodeID) -> Failure? {
    guard let first = group.failed.first, var failure = first.ending.result.failure else {
      return nil
    }
    guard group.failed.count > 1 || !group.stopsAtFailure else { return failure }
    let reasons = group.failed.prefix(Self.mostReasons).compactMap { failed in
      failed.ending.result.failure.map {
        "\(label(of: failed.member, in: group, at: id)): \($0.message)"
      }
    }
    let others = group.failed.count - reasons.count
    failure.message =
      "\(group.failed.count) of \(group.memberCount) \(group.memberWord) failed: "
      + reasons.joined(separator: "; ") + (others > 0 ? "; and \(others) more" : "")
    return failure
  }

  /// What a person calls a child of a group.
  private func label(of member: Int, in group: GroupState, at id: NodeID) -> String {
    switch group.kind {
    case .block, .play, .pages: "step"
    case .parallel(let branches): branches[member]
    case .forEach: shownElement(member, of: id) ?? "[\(member)]"
    }
  }
}

extension GroupState {
  fileprivate var memberWord: String {
    switch kind {
    case .forEach: "rounds"
    case .parallel: "branches"
    case .block, .play, .pages: "steps"
    }
  }
}
