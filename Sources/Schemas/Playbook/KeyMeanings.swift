import Playbooks

/// What the keys of the language mean, for whoever points at one in an editor.
enum KeyMeanings {
  /// The meaning of a key of `mapping`; a test finds the keys without one.
  static func meaning(of key: String, in mapping: PlaybookMapping) -> String? {
    meanings(in: mapping)[key]
  }

  private static func meanings(in mapping: PlaybookMapping) -> [String: String] {
    switch mapping {
    case .playbook: playbook
    case .input: field.merging(input) { $1 }
    case .field: field
    case .element: element
    case .login: login
    case .application: application
    case .retry: retry
    case .pages: pages
    case .wait: wait
    case .assertion: assertion
    case .approve: approve
    case .formField: formField
    }
  }

  private static let playbook = [
    "playbook": "The version of the language: 1.",
    "name": "The name of the playbook in output and records; default: the file's name.",
    "summary": "A one-line description.",
    "labels": "Names and values to find the runs of the playbook by.",
    "inputs": "The values that the caller gives, by name.",
    "let": """
    Values by name, from `inputs` and `run`: evaluated once, in order, before anything is sent.
    """,
    "session": "The profile or application that the steps act for; default: the caller's.",
    "undo-on": "The ends of the steps at which what they changed is taken back.",
    "steps": "The steps, carried out in order.",
    "outputs": "The values that the caller gets, by name.",
  ]

  private static let input = [
    "new": "Whether the secret does not exist yet: at a prompt, it is typed twice.",
    "default": """
    The value without the caller's: plain data of the declared type, no expressions. An input without \
    a default is required. A secret has none.
    """,
  ]

  private static let field = [
    "type": "The type of the value.",
    "of": "The type of the elements, by name or as `{ type, of, fields }`; default: any.",
    "fields": "The fields of the record, by name.",
    "summary": "A one-line description, shown at prompts and in errors.",
    "default": """
    The value of a field that is left out: plain data of the declared type, no expressions. A field \
    without a default is required.
    """,
    "pattern": "A regular expression (RE2) that the whole string must match.",
    "enum": "The values allowed.",
  ]

  private static let element = [
    "type": "The type of the elements.",
    "of": "The type of the elements of each element, by name or as a map.",
    "fields": "The fields of the record, by name.",
  ]

  private static let login = [
    "username": "The login name of the profile.",
    "password": "The password of the profile: an input of type `secret`.",
    "revoke": "Whether the token is revoked when the session ends.",
  ]

  private static let application = [
    "access-token": "The access token with which an application acts for a profile.",
    "refresh-token":
      "The token that renews the access token; without it, a refused one is a failure.",
    "expires-at": "When the access token ends: an instant (RFC 3339) or an expression.",
    "revoke": "Whether the token is revoked when the session ends.",
  ]

  private static let retry = [
    "attempts": "How many attempts there are altogether, the first one included: 1 to 100.",
    "backoff": "The pause before the second attempt; it doubles each time. 1ms to 1h.",
    "max-backoff": "The longest pause between two attempts. 1ms to 1h.",
    "on": """
    The classes of failure after which there is another attempt, and `rejected(REASON)` for refusals; \
    default: those that are always safe.
    """,
  ]

  private static let pages = [
    "call": "The read that gives a page.",
    "with": "The fields of the read; `${{ next }}` is null for the first page.",
    "items": "The list in a page: an expression over `answer`.",
    "next":
      "What the page after this one is read by: an expression over `answer`, null after the last.",
    "timeout": "The longest time for one attempt of a read.",
    "retry":
      "How often the read of a page is repeated, after which failures, and with which pauses.",
    "expect": "Conditions on each response, which expressions call `answer`.",
  ]

  private static let wait = [
    "until": "The condition that ends the wait; expressions call the latest response `answer`.",
    "call": "The read that is repeated.",
    "with": "The fields of the read.",
    "every": "The pause between two reads, 10ms to 1h; it gets longer as the wait does.",
  ]

  private static let assertion = [
    "that": "The condition.",
    "message": "What the failure says when the condition is false.",
  ]

  private static let approve = [
    "message": "What a person is to decide.",
    "fields": "What the person fills in, by name; `steps.ID` has the values.",
  ]

  private static let formField = [
    "type": "The type of the value.",
    "summary": "A one-line description, shown to the person.",
  ]
}

/// The keys of steps.
extension KeyMeanings {
  /// The meaning of a key of a step of `kind`, or of any kind; a test finds the keys without one.
  static func meaning(ofStepKey key: String, in kind: StepKind?) -> String? {
    switch (key, kind) {
    case ("steps", .forEach): "The steps of every round, in order."
    case ("with", .play): "The inputs of the playbook, by name."
    case ("key", .some(.forEach)):
      "The name of the key in expressions, where the loop goes through a map."
    case (_, _): kinds[key] ?? modifiers[key]
    }
  }

  private static let kinds = [
    "call": "An operation of the API, or a local action.",
    "with": "The fields of the operation, or the inputs of the playbook, by name.",
    "play": "Another playbook: a path relative to this file.",
    "for-each": "The steps for each element of a list or of pages, or each value of a map.",
    "as": "The name of the element in expressions; default: item.",
    "key": "The name of the key in expressions, where the loop goes through a map.",
    "index": "The name of the round's number in expressions, counted from 0.",
    "label": "How output calls the round; default: its element or its key.",
    "until": "No round begins after one that ended well and in which this condition is true.",
    "concurrency": "How many rounds are in progress at once, 1 to 1000.",
    "on-failure": "What the failure of a round means for the others.",
    "steps": "Several steps as one, in order, so that modifiers apply to all.",
    "parallel": "Named branches at the same time; each is a list of steps.",
    "assert": "Conditions that must be true, or the step fails.",
    "wait": "A pause, or a condition on a repeated read.",
    "approve": "A decision that a person makes: the message, or a map with fields to fill in.",
  ]

  private static let modifiers = [
    "id": "The name of the step in expressions, `steps.ID`; unique in the file.",
    "name": "The title of the step in output.",
    "let": "Values by name, for this step and those inside it.",
    "when": "A condition; the step is skipped unless it is true.",
    "timeout": "The longest time for one attempt, up to 168h.",
    "retry": "How often a failed attempt is repeated, after which failures, and with which pauses.",
    "session": "Whose session the step uses: `default`, `none`, or one of its own.",
    "in-doubt": """
    What is done when nothing shows whether a request that must not be repeated had its effect.
    """,
    "ensure": "What is to be so afterwards: the call reads first, and changes only what is not so.",
    "on-drift": "What is done about a difference that nothing corrects.",
    "match": "Which of several things of one identity is meant.",
    "tolerate": "Reasons of refusals with which the step may end: it counts as `tolerated` then.",
    "expect": "Conditions on the response, which expressions call `answer`.",
    "rescue": """
    Steps that run when the step failed; expressions know `error`. If they succeed, the run continues.
    """,
    "always": "Steps that always run, last.",
    "undo": """
    Steps that take back what the step changed, or `auto`, when a playbook with `undo-on` ends so.
    """,
  ]
}

/// The words that keys can have as their values.
extension KeyMeanings {
  static func meaning(of word: FailureClass) -> String {
    switch word {
    case .network: "No connection, or it was lost."
    case .timeout: "The time was up."
    case .throttled: "HTTP 429."
    case .serverError: "HTTP 5xx."
    case .unauthorised: "HTTP 401 with a new token, or a refused login."
    case .rejected:
      "The command was refused; only of a call with `ensure`, whose attempts read first."
    case .invalid: "Any other HTTP 4xx."
    case .malformed: "A response that cannot be read."
    case .expectation: "A condition of `expect`, `assert` or `until` was false."
    case .local: "A local action failed."
    }
  }

  static func meaning(of word: UndoCause) -> String {
    switch word {
    case .failure: "The steps failed."
    case .cancel: "The steps were cancelled."
    }
  }

  static func meaning(of word: OnFailure) -> String {
    switch word {
    case .stop: "No further round begins, and those in progress are stopped."
    case .continue: "All rounds run; the loop fails after the last one."
    }
  }

  static func meaning(of word: InDoubt) -> String {
    switch word {
    case .ask: "The step and the run end in doubt, so that a person looks."
    case .repeat: "The request is sent again: a second effect does no harm."
    case .fail: "The step fails, so that its `rescue` can act."
    }
  }

  static func meaning(of word: Ensurance.State) -> String {
    switch word {
    case .present: "What is missing is created; what differs is corrected where the API can."
    case .absent: "What is there is removed."
    }
  }

  static func meaning(of word: Ensurance.OnDrift) -> String {
    switch word {
    case .fail: "The step fails, and shows each difference."
    case .warn: "The difference is reported, and the thing is used as it is."
    case .recreate: "The thing is removed, then created with another id."
    }
  }

  static func meaning(of word: Ensurance.Match) -> String {
    switch word {
    case .only: "Several things of one identity fail the step."
    case .newest: "The one that was created last is meant."
    }
  }

  /// The meaning of a type that a playbook can name.
  static func meaning(of type: ValueType) -> String {
    switch type {
    case .string: "Text."
    case .integer: "An integer of 64 bits."
    case .number: "A number with or without a fraction."
    case .boolean: "true or false."
    case .secret: "Text that is masked in every output and encrypted in the journal."
    case .file: "A file of this machine; its default is a path relative to this playbook."
    case .list: "A list; `of` names the type of its elements."
    case .map: "A map with any keys; `of` names the type of its values."
    case .record: "A map with the keys that `fields` declares."
    case .bytes, .any: "Any value."
    }
  }
}
