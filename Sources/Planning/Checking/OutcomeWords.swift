package import Expressions

extension TypeEnvironment.Words {
  /// What `steps.ID.outcome` may be: every `Outcome`.
  package static let outcomes = TypeEnvironment.Words(
    ["succeeded", "unchanged", "skipped", "tolerated", "failed", "cancelled", "in-doubt"],
    others: [
      "success": "succeeded", "successful": "succeeded", "ok": "succeeded", "passed": "succeeded",
      "done": "succeeded", "completed": "succeeded", "complete": "succeeded",
      "failure": "failed", "fail": "failed", "error": "failed", "errored": "failed",
      "canceled": "cancelled", "cancel": "cancelled", "aborted": "cancelled",
      "skip": "skipped", "rescued": "tolerated", "ignored": "tolerated",
      "neutral": "tolerated", "unknown": "in-doubt", "indoubt": "in-doubt", "in_doubt": "in-doubt",
    ])
}
