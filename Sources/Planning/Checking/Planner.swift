package import Diagnostics
package import Expressions
package import Operations
package import Playbooks

/// Checks playbooks against the API: every name, field and type in every file.
///
///     var texts = SourceTexts()
///     let loaded = try PlaybookLoader().load("tenant.yaml", texts: &texts)
///     var checked = try Planner(api: .embedded()).check(loaded)
///     let binder = InputBinder(sources: .live(environment: environment))
///     let bound = try binder.bind(provided, to: checked.planned)
///     checked.planned = try binder.settlePlayed(in: checked.planned)
///     let plan = try checked.plan(inputs: bound.values)
package struct Planner: Sendable {
  private let api: APIDescription
  private let zones: NamedZones?

  /// A planner that accepts the operations of `api` and the local actions.
  ///
  /// Expressions of its plans know `zones` by name, which are given by the program.
  package init(api: APIDescription, zones: NamedZones? = nil) {
    self.api = api
    self.zones = zones
  }

  /// The outermost playbook, checked, and with it every playbook it plays.
  ///
  /// Throws all diagnostics of all files at once when one of them is an error.
  package func check(_ loaded: LoadedPlaybooks) throws(InvalidInput) -> CheckedPlaybook {
    var checker = PlaybookChecker(api: api, loaded: loaded, zones: zones)
    let checked = loaded.first.flatMap { checker.file(of: $0) }
    var diagnostics = checker.diagnostics
    guard !diagnostics.hasErrors, let checked, let planned = checked.planned else {
      throw InvalidInput(diagnostics.elements)
    }
    let dependence = checked.need?.diagnostic
    // What relies on a caller may rely on its `undo-on`, too.
    if dependence == nil { diagnostics.add(planned.inertUndos) }
    return CheckedPlaybook(
      planned: planned, warnings: diagnostics.elements, api: api,
      digestion: PlanDigest(of: loaded, api: api), dependence: dependence,
      plainSecrets: checker.plainSecrets.map { Secret($0) }, zones: zones)
  }
}
