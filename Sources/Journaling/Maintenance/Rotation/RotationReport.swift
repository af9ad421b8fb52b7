package import Events

/// What a rotation of a journal's key did.
package struct RotationReport: Sendable, Hashable {
  /// The path of the key that the journal has now.
  package var key: String
  /// The path of the key that it had.
  package var oldKey: String
  /// How many runs and rollouts are under the new key.
  package var records = ArchiveReport.Records()
  /// How many schedules.
  package var schedules = 0
  /// What stays as it is, at most `mostStays`.
  package private(set) var stays: [Stay] = []
  /// How many more stay.
  package private(set) var furtherStays = 0

  /// So many are named.
  package static let mostStays = 50

  /// Something that is not under the new key, and why.
  package struct Stay: Sendable, Hashable {
    /// What it is.
    package enum Subject: Sendable, Hashable {
      case record(RunID, RecordKind)
      case schedule(String)
    }

    /// Why it stays.
    package enum Reason: Sendable, Hashable {
      /// It was made under another key than the old one; the id of that key in hex, where it is known.
      case otherKey(String?)
      /// It is not what was recorded; what is wrong, in lines.
      case damaged([String])
    }

    /// What it is.
    package var subject: Subject
    /// Why it stays.
    package var reason: Reason
  }

  init(key: String, oldKey: String) {
    self.key = key
    self.oldKey = oldKey
  }

  mutating func note(_ stay: Stay) {
    if stays.count < Self.mostStays {
      stays.append(stay)
    } else {
      furtherStays += 1
    }
  }

  /// Whether something stays under the old key, since it is damaged.
  package var leavesDamage: Bool {
    furtherStays > 0
      || stays.contains { if case .damaged = $0.reason { true } else { false } }
  }
}

extension RotationReport.Stay: CustomStringConvertible {
  /// One line, and one more for each flaw.
  package var description: String {
    let name =
      switch subject {
      case .record(let run, .run): "run \(run)"
      case .record(let run, .rollout): "rollout \(run)"
      case .schedule(let name): "schedule `\(name)`"
      }
    switch reason {
    case .otherKey(let id): return "\(name): made under another key\(id.map { " (\($0))" } ?? "")"
    case .damaged(let flaws): return "\(name): damaged" + flaws.map { "\n    \($0)" }.joined()
    }
  }
}
