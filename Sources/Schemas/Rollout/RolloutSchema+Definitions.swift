import Expressions

/// What the keys of rollout files share.
extension RolloutSchema {
  /// Texts, paths and durations.
  static let texts: [(String, Value)] = [
    ("line", ["type": "string", "minLength": 1, "maxLength": 1000]),
    (
      "path",
      [
        "type": "string",
        "minLength": 1,
        "maxLength": 1000,
        "description": "A path, relative to the folder of the rollout file.",
      ]
    ),
    ("text", ["type": ["string", "number", "boolean"]]),
    (
      "duration",
      [
        "type": "string",
        "pattern":
          "^(?=.)([0-9]{1,9}w)?([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$",
        "description": """
        Integers with the units w, d, h, m, s and ms, such as `1h30m` or `2d`; a day is 24 \
        hours.
        """,
      ]
    ),
    (
      "amount",
      [
        "description":
          "A number of tenants, or a percentage with at most two digits behind the point.",
        "oneOf": [
          ["type": "integer", "minimum": 1, "maximum": 1_000_000],
          [
            "type": "string",
            "pattern": "^(?!0*(\\.0*)?%)([0-9]{1,2}(\\.[0-9]{1,2})?|100(\\.00?)?)%$",
          ],
        ],
      ]
    ),
  ]

  /// The tenants file, and which tenants are selected.
  static let tenants: [(String, Value)] = [
    (
      "tenants",
      [
        "type": "object",
        "properties": [
          "file": ["$ref": "#/$defs/path"],
          "format": [
            "enum": ["csv", "yaml", "json", "jsonl"],
            "description": """
            The format; default: that of the file's extension. `jsonl` has one JSON object per \
            line.
            """,
          ],
          "separator": [
            "enum": [",", ";", "tab", "|"],
            "description": """
            What separates the cells of a CSV file; default: the separator that the header \
            shows.
            """,
          ],
        ],
        "required": ["file"],
        "additionalProperties": false,
      ]
    ),
    (
      "globs",
      [
        "type": "array",
        "minItems": 1,
        "items": ["$ref": "#/$defs/text"],
        "description": "Names, in which `*` stands for any characters and `?` for one.",
      ]
    ),
    (
      "pattern",
      [
        "description": "A list of names, or a map of which every part must match.",
        "oneOf": [["$ref": "#/$defs/globs"], ["$ref": "#/$defs/parts"]],
      ]
    ),
    (
      "parts",
      [
        "type": "object",
        "minProperties": 1,
        "properties": [
          "names": [
            "$ref": "#/$defs/globs",
            "description": "The tenant's name matches one of these.",
          ],
          "labels": [
            "type": "object",
            "additionalProperties": ["$ref": "#/$defs/text"],
            "description": "Each of these labels is there, and its value matches.",
          ],
          "when": [
            "type": ["string", "boolean"],
            "description": "A condition over `tenant` is true.",
          ],
        ],
        "additionalProperties": false,
      ]
    ),
  ]

  /// Instants of schedules.
  static let times: [(String, Value)] = [
    (
      "cron",
      [
        "type": "string",
        "minLength": 1,
        "maxLength": 1000,
        "pattern": "^\\s*(@[A-Za-z]+|[^\\s@]+([ \\t]+[^\\s]+){4})\\s*$",
        "description": """
        Minute, hour, day of the month, month and day of the week, such as `0 3 * * MON`, or \
        `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` or `@annually`.
        """,
        "examples": ["0 3 * * MON", "*/15 * * * *", "0 6 L * *", "0 9 * * TUE#2", "@daily"],
      ]
    ),
    (
      "instant",
      [
        "type": "string",
        "pattern":
          "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?$",
        "description": """
        A local time in `timezone`, or one with its offset from UTC: `2027-03-01T03:00`, \
        `2027-03-01T03:00+01:00`.
        """,
      ]
    ),
    (
      "bound",
      [
        "type": "string",
        "pattern":
          "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
      ]
    ),
  ]

  /// Schedules.
  static let schedules: [(String, Value)] = [
    (
      "schedule",
      [
        "type": "object",
        "properties": [
          "cron": [
            "description": "A cron expression, or a list of them.",
            "oneOf": [
              ["$ref": "#/$defs/cron"],
              [
                "type": "array",
                "minItems": 1,
                "maxItems": 100,
                "items": ["$ref": "#/$defs/cron"],
              ],
            ],
          ],
          "every": [
            "$ref": "#/$defs/duration",
            "description": """
            An interval of whole seconds, 1 s to 366 days, counted from `from`, else from \
            1970-01-01T00:00:00Z.
            """,
          ],
          "at": [
            "description": "An instant, or a list of them.",
            "oneOf": [
              ["$ref": "#/$defs/instant"],
              [
                "type": "array",
                "minItems": 1,
                "maxItems": 1000,
                "items": ["$ref": "#/$defs/instant"],
              ],
            ],
          ],
          "timezone": [
            "$ref": "#/$defs/line",
            "default": "UTC",
            "description": """
            The zone of all local times, by its name in the tz database, such as \
            `Europe/Stockholm`.
            """,
          ],
          "window": [
            "$ref": "#/$defs/duration",
            "description": """
            How long after a due instant its rollout may start, 1 s to 366 days; default: no \
            limit.
            """,
          ],
          "catch-up": [
            "enum": ["one", "all", "none"],
            "default": "one",
            "description": """
            What happens with due instants at which no daemon was active: one rollout for all of \
            them, one for each of the latest 1,000, or none.
            """,
          ],
          "overlap": [
            "enum": ["skip", "queue", "cancel"],
            "default": "skip",
            "description": """
            What happens with a due instant while the rollout of an earlier one is in progress: \
            it is skipped, it waits, or it waits while the earlier rollout is cancelled.
            """,
          ],
          "jitter": [
            "$ref": "#/$defs/duration",
            "default": "0s",
            "description": "By how much starts are spread, at most 24 h and less than `window`.",
          ],
          "pause-on-failure": [
            "type": "boolean",
            "default": false,
            "description": "Whether the schedule pauses when a rollout fails or ends in doubt.",
          ],
          "from": [
            "$ref": "#/$defs/bound",
            "description": "The earliest due instant; a date is its local midnight.",
          ],
          "until": [
            "$ref": "#/$defs/bound",
            "description": "The latest due instant; a date is the end of that local day.",
          ],
          "notify": [
            "$ref": "#/$defs/notify",
            "description": """
            Where notifications go about rollouts that the schedule starts, and about its due \
            instants, besides the top-level `notify`.
            """,
          ],
        ],
        "anyOf": [["required": ["cron"]], ["required": ["every"]], ["required": ["at"]]],
        "additionalProperties": false,
      ]
    )
  ]

  /// Notifications and retries.
  static let notifications: [(String, Value)] = [
    (
      "notify",
      [
        "type": "array",
        "minItems": 1,
        "maxItems": 20,
        "items": ["oneOf": [["$ref": "#/$defs/post"], ["$ref": "#/$defs/command"]]],
      ]
    ),
    (
      "topics",
      [
        "type": "array",
        "minItems": 1,
        "items": ["enum": ["finished", "failed", "in-doubt", "waiting", "drift", "missed"]],
        "description": "The topics; default: all.",
      ]
    ),
    (
      "post",
      [
        "type": "object",
        "properties": [
          "post": [
            "type": "string",
            "pattern": "^[hH][tT][tT][pP][sS]?://[^\\s/?#@]+([/?][^\\s#]*)?$",
            "maxLength": 1000,
            "description": "The address of an HTTP POST.",
          ],
          "secret": [
            "type": "string",
            "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$",
            "description": "The secret that signs what is sent: `env:VARIABLE` or `file:PATH`.",
          ],
          "on": ["$ref": "#/$defs/topics"],
        ],
        "required": ["post"],
        "additionalProperties": false,
      ]
    ),
    (
      "command",
      [
        "type": "object",
        "properties": [
          "command": [
            "type": "string",
            "pattern": "^[A-Za-z0-9_.-]{1,63}$",
            "description": "One of `allow-commands`.",
          ],
          "on": ["$ref": "#/$defs/topics"],
        ],
        "required": ["command"],
        "additionalProperties": false,
      ]
    ),
    (
      "retry",
      [
        "type": "object",
        "properties": [
          "attempts": [
            "type": "integer",
            "minimum": 1,
            "maximum": 10,
            "description": "Attempts altogether, the first one included.",
          ],
          "backoff": [
            "$ref": "#/$defs/duration",
            "default": "30s",
            "description": """
            The pause before the second attempt, 1 ms to 1 h; it doubles with each further one, \
            up to 1 h.
            """,
          ],
        ],
        "required": ["attempts"],
        "additionalProperties": false,
      ]
    ),
  ]
}
