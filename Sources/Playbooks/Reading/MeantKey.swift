import Diagnostics

/// The key that was most likely meant by one that is not known.
struct MeantKey {
  let key: String
  /// Whether what stands under the written key can be read as the value of this one.
  let holdsTheSame: Bool

  /// Nil when nothing among `known` comes near.
  init?(_ written: String, among known: [String], besides given: [YAMLNode.Entry]) {
    let words = known.filter { key in
      Self.words[key]?.contains(written.lowercased()) == true && given.entry(of: key) == nil
    }
    // Every step may have a `when`, and a loop only an `until`.
    if let word = words.first(where: { $0 == "when" }) ?? words.first {
      self.init(
        key: word, holdsTheSame: !(Self.otherwise[word, default: []].contains(written.lowercased()))
      )
    } else if let near = nearestName(to: written, among: known) {
      let isTypingMistake = nearestName(to: written, among: [near], within: 1) != nil
      self.init(key: near, holdsTheSame: isTypingMistake)
    } else {
      return nil
    }
  }

  /// Writes the key in place of `entry`'s, where what stands under it can stay.
  func fix(of entry: YAMLNode.Entry) -> Fix? {
    holdsTheSame ? Fix(key, insteadOf: entry.key, at: entry.keyLocation) : nil
  }

  private init(key: String, holdsTheSame: Bool) {
    self.key = key
    self.holdsTheSame = holdsTheSame
  }

  /// For each key, the words that people know for it from other tools.
  private static let words: [String: Set<String>] = [
    "rollout": ["version"],
    "playbook": ["version"],
    "summary": ["description", "desc"],
    "inputs": ["vars", "variables", "params", "parameters", "arguments"],
    "session": ["credentials", "auth", "login"],
    "steps": ["step", "task", "tasks", "jobs", "stages", "block", "do"],
    "outputs": ["results", "returns", "exports"],
    "call": ["action", "operation", "module"],
    "with": ["args", "arguments", "params", "parameters", "body", "inputs", "vars"],
    "play": ["include", "import", "include_tasks", "import_playbook", "uses", "playbook", "run"],
    "for-each": ["loop", "foreach", "for_each", "with_items", "for", "each"],
    "as": ["loop_var", "item", "var", "variable"],
    "concurrency": ["parallelism", "max-parallel", "max_parallel", "forks", "serial"],
    "parallel": ["branches", "concurrent"],
    "assert": ["check", "verify"],
    "wait": ["sleep", "pause", "delay", "until"],
    "approve": ["approval", "prompt", "confirm", "gate", "manual"],
    "id": ["register"],
    "let": ["set_fact", "set-fact", "locals", "set", "define"],
    "name": ["title", "label"],
    "when": ["if", "only_if", "condition"],
    "timeout": ["timeout-minutes", "deadline"],
    "retry": ["retries", "attempts"],
    "on-failure": [
      "on_failure", "continue-on-error", "continue_on_error", "ignore_errors", "fail-fast",
      "fail_fast",
    ],
    "rescue": ["catch", "except", "on-error", "on_error", "onerror"],
    "always": ["finally", "cleanup"],
    "undo": ["compensate", "compensation", "rollback", "revert"],
    "undo-on": ["undo_on", "rollback-on", "compensate-on"],
    "expect": ["should"],
    "attempts": ["times", "max", "count", "retries", "limit"],
    "backoff": ["delay", "interval"],
    "until": ["condition", "when", "if", "end", "ends", "end-date", "not-after"],
    "every": ["interval", "delay", "poll"],
    "that": ["condition", "if", "when", "assert", "test"],
    "message": ["msg", "error", "fail_msg", "text", "title"],
    "fields": ["form", "values"],
    "username": ["user", "login", "email"],
    "password": ["pass", "passwd", "secret"],
    "of": ["items", "element", "elements"],
    "enum": ["values", "choices", "options", "allowed"],
    "pattern": ["regex", "regexp", "matches"],
    "default": ["value", "fallback"],
    "labels": ["tags"],
    "tenants": ["inventory", "hosts", "targets", "matrix"],
    "environment": ["env"],
    "only": ["include", "select", "filter", "limit"],
    "exclude": ["except", "skip"],
    "order": ["sort", "order-by", "sort-by"],
    "ramp": ["canary", "batches", "waves", "stages"],
    "bake": ["soak", "pause", "settle"],
    "gate": ["approval", "approve", "condition"],
    "pace": ["rate", "rate-limit", "rate_limit", "rps", "qps", "throttle"],
    "max-failures": ["max_failures", "max_fail_percentage", "max-fail-percentage"],
    "votes-at-once": ["max-votes"],
    "lock": ["locks", "mutex"],
    "deadline": ["timeout"],
    "allow-commands": ["commands"],
    "schedule": ["cron", "crontab", "schedules", "triggers", "on"],
    "timezone": ["tz", "zone", "time-zone", "time_zone"],
    "window": ["grace", "starting-deadline", "startingdeadlineseconds", "start-deadline"],
    "catch-up": ["catchup", "misfire", "missed", "backfill", "catchup_window"],
    "overlap": ["overlap-policy", "concurrency", "concurrency-policy", "concurrencypolicy"],
    "jitter": ["splay", "random-delay", "randomizeddelaysec"],
    "pause-on-failure": ["pause_on_failure", "suspend-on-failure"],
    "from": ["start", "starts", "start-date", "not-before", "since"],
    "at": ["once", "date", "dates", "instants"],
    "file": ["path"],
    "separator": ["delimiter", "sep"],
    "environments": ["envs", "environment", "contexts", "profiles", "workspaces", "targets"],
    "api-url": ["url", "api", "base-url", "base_url", "server", "host", "endpoint", "service"],
    "ca-file": ["ca", "cacert", "ca-cert", "ca-bundle", "certificate-authority"],
    "client-certificate": ["cert", "certificate", "client-cert"],
    "client-key": ["key", "private-key"],
    "protected": ["confirm", "confirmation", "require-approval"],
  ]

  /// The words whose value is written in another way than that of the key they mean.
  private static let otherwise: [String: Set<String>] = [
    "inputs": ["vars", "variables", "params", "parameters", "arguments"],
    "play": ["run"],
    "wait": ["until"],
    "let": ["set"],
    "timeout": ["timeout-minutes"],
    "retry": ["retries", "attempts"],
    "parallel": ["concurrent"],
    "schedule": ["schedules", "triggers", "on"],
    "window": ["startingdeadlineseconds"],
    "catch-up": ["catchup", "misfire", "missed", "backfill", "catchup_window"],
    "overlap": ["concurrency", "concurrency-policy", "concurrencypolicy"],
    "on-failure": [
      "continue-on-error", "continue_on_error", "ignore_errors", "fail-fast", "fail_fast",
    ],
  ]
}
