import Expressions

/// The schema of rollout files, with their schedules and notifications.
enum RolloutSchema {
  /// The schema with all its definitions.
  static var document: Value {
    let file = SchemaParts.closed(
      what + pacing + limits + surroundings, required: ["rollout", "playbook", "tenants"])
    let head: Value = [
      "$schema": SchemaParts.dialect,
      "title": "Privirun rollout file, version 1",
      "description": """
      What a rollout file looks like: a playbook, the tenants it is run for, and the limits. \
      YAML editors find it by a first line such as `# yaml-language-server: \
      $schema=schemas/rollout.schema.json`. Expressions, and what contradicts other keys, are \
      checked by `privirun rollout check`.
      """,
    ]
    let definitions = texts + tenants + times + schedules + notifications
    return SchemaParts.adding(
      ["$defs": SchemaParts.members(definitions)], to: SchemaParts.adding(file, to: head))
  }
}
