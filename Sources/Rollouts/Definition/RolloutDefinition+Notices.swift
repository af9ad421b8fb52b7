import Files
package import Notifications
import Playbooks

extension RolloutDefinition {
  /// Who starts a rollout.
  package enum Starter: Sendable, Hashable {
    case person
    case schedule
  }

  /// Where notifications about a rollout go that `starter` starts, and which; with `schedule` also those
  /// about due instants.
  ///
  /// `absolute` makes a path one from the root.
  package func noticeRoutes(
    startedBy starter: Starter, absolute: (String) -> String
  ) -> [NoticeRoute] {
    let targets =
      switch starter {
      case .person: notify
      case .schedule: notify + scheduleNotify
      }
    return targets.routes(commands: commands, name: name) { path in
      absolute(UserPath.resolve(path, in: UserPath.folder(of: file, current: "")))
    }
  }
}
