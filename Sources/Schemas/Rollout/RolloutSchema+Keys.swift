import Expressions

/// The keys of rollout files, in the order of the reference.
extension RolloutSchema {
  /// What is run for whom.
  static let what: [(String, Value)] = [
    ("rollout", ["const": 1, "description": "The version of the language."]),
    (
      "name",
      [
        "$ref": "#/$defs/line",
        "maxLength": 100,
        "description": "The name in listings and reports; default: the file's name.",
      ]
    ),
    ("summary", ["$ref": "#/$defs/line", "description": "A one-line description."]),
    (
      "playbook",
      ["$ref": "#/$defs/path", "description": "The playbook that is run for each tenant."]
    ),
    (
      "tenants",
      [
        "description": "The tenants file: its path, or a map with its format.",
        "oneOf": [["$ref": "#/$defs/path"], ["$ref": "#/$defs/tenants"]],
      ]
    ),
    (
      "inputs",
      [
        "type": "object",
        "description": """
        Values of inputs that all tenants share. A tenant's own value comes before them. A \
        secret is a reference: `env:VARIABLE`, `file:PATH`, where `{name}` stands for the \
        tenant's name, or `command:NAME`.
        """,
        "additionalProperties": true,
      ]
    ),
    (
      "environment",
      ["$ref": "#/$defs/line", "description": "The name of an environment of `privirun.yaml`."]
    ),
    ("only", ["$ref": "#/$defs/pattern", "description": "Only tenants that match are selected."]),
    (
      "exclude",
      ["$ref": "#/$defs/pattern", "description": "Tenants that match are not selected."]
    ),
    (
      "mode",
      [
        "enum": ["apply", "plan", "drift"],
        "default": "apply",
        "description": """
        What is done with each tenant: `apply` runs the playbook, `plan` only plans, `drift` \
        compares the service with what the last successful run left.
        """,
      ]
    ),
  ]

  /// In which order and how fast tenants start.
  static let pacing: [(String, Value)] = [
    (
      "order",
      [
        "description": """
        The order in which tenants start: as in the file, by name, at random, or by the value of \
        an expression over `tenant`, the lowest first.
        """,
        "default": "file",
        "oneOf": [
          ["enum": ["file", "name", "random"]],
          ["type": "string", "pattern": "^\\s*\\$\\{\\{"],
        ],
      ]
    ),
    (
      "concurrency",
      [
        "type": "integer",
        "minimum": 1,
        "maximum": 10000,
        "default": 10,
        "description": "How many tenants are in progress at once.",
      ]
    ),
    (
      "ramp",
      [
        "type": "array",
        "minItems": 1,
        "maxItems": 100,
        "items": ["$ref": "#/$defs/amount"],
        "description": """
        How many tenants have started at the end of each stage, counted from the first: numbers, \
        or percentages of the selected tenants, rounded up. The last stage, of all tenants, is \
        not written.
        """,
      ]
    ),
    (
      "bake",
      [
        "$ref": "#/$defs/duration",
        "description":
          "How long the rollout waits after a stage; 1 ms to 7 days. Only with `ramp`.",
      ]
    ),
    (
      "gate",
      [
        "type": "string",
        "minLength": 1,
        "description": """
        What decides on the next stage: `approval` asks a person; else a condition over \
        `rollout`. Only with `ramp`.
        """,
      ]
    ),
    (
      "pace",
      [
        "type": "number",
        "minimum": 0.1,
        "maximum": 10000,
        "description": "How many requests are sent per second, by all tenants together.",
      ]
    ),
  ]

  /// What bounds the rollout and its tenants.
  static let limits: [(String, Value)] = [
    (
      "max-failures",
      [
        "$ref": "#/$defs/amount",
        "description": """
        The number of failed tenants at which no further tenant starts. A percentage is of the \
        selected tenants, rounded down, but at least 1.
        """,
      ]
    ),
    (
      "votes-at-once",
      [
        "type": "integer",
        "minimum": 1,
        "maximum": 10000,
        "description": "How many commands wait for a vote at once.",
      ]
    ),
    (
      "on-stop",
      [
        "enum": ["finish", "cancel"],
        "default": "finish",
        "description": "What a stop means for the tenants in progress.",
      ]
    ),
    (
      "retry",
      [
        "$ref": "#/$defs/retry",
        "description":
          "How often a failed tenant's run is continued before the tenant counts as failed.",
      ]
    ),
    (
      "lock",
      [
        "type": "array",
        "minItems": 1,
        "maxItems": 10,
        "items": ["$ref": "#/$defs/text"],
        "default": ["${{ tenant.name }}"],
        "description": """
        The keys that a tenant's run locks: no other run of the journal has one of them at the \
        same time. Expressions see `tenant`.
        """,
      ]
    ),
    (
      "deadline",
      [
        "$ref": "#/$defs/duration",
        "description": "How long the whole rollout may take; 1 s to 90 days.",
      ]
    ),
  ]

  /// What surrounds the rollout.
  static let surroundings: [(String, Value)] = [
    (
      "labels",
      [
        "type": "object",
        "propertyNames": ["pattern": "^[A-Za-z0-9_.-]{1,63}$"],
        "additionalProperties": ["$ref": "#/$defs/text"],
        "description": "Names and values to find the rollout and its runs by.",
      ]
    ),
    (
      "outputs",
      [
        "type": "string",
        "pattern": "\\.([cC][sS][vV]|[jJ][sS][oO][nN][lL]|[nN][dD][jJ][sS][oO][nN])$",
        "description": """
        The file that collects the outputs of each tenant, as CSV or JSON lines by its \
        extension; secrets are left out.
        """,
      ]
    ),
    (
      "allow-commands",
      [
        "type": "object",
        "propertyNames": ["pattern": "^[A-Za-z0-9_.-]{1,63}$"],
        "additionalProperties": [
          "type": "array",
          "minItems": 1,
          "maxItems": 100,
          "items": ["$ref": "#/$defs/text"],
        ],
        "description": """
        The commands that secrets may come from as `command:NAME`, and that `notify` may run: a \
        program and its arguments, in which `{name}` stands for the tenant's name. There is no \
        shell.
        """,
      ]
    ),
    (
      "schedule",
      [
        "description": "When `privirun serve` starts the rollout: a cron expression, or a map.",
        "oneOf": [["$ref": "#/$defs/cron"], ["$ref": "#/$defs/schedule"]],
      ]
    ),
    ("notify", ["$ref": "#/$defs/notify", "description": "Where notifications go, and which."]),
  ]
}
