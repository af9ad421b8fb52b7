package import Events
package import Expressions
package import Operations
import OrderedCollections
import Playbooks

/// One run in full, as `privirun show RUN` shows it.
package struct RunDetail: Sendable {
  /// Which steps are shown.
  package enum Steps: Sendable, Hashable {
    case all
    /// Those that did not succeed, tolerated or not, and the steps around them.
    case failed
    /// Those whose path or last part of it matches, with what is below them and the steps around them.
    case matching(Glob)
  }

  /// Which steps are shown with their path, by which commands name them.
  package enum Paths: Sendable, Hashable {
    /// Innermost steps that failed, were cancelled, are in doubt or in progress.
    case open
    case all
  }

  /// How much of long values is shown.
  package enum Values: Sendable, Hashable {
    /// The first 400 characters.
    case short
    case full

    fileprivate var limit: Int? {
      switch self {
      case .short: 400
      case .full: nil
      }
    }
  }

  /// So many steps are named where the record of an interrupted run ends.
  private static let mostPlaces = 5

  let tree: RunTree
  let progress: RunProgress?
  private let steps: Steps
  private let values: Values
  private let paths: Paths
  private let journal: JournalReference?
  /// The API that the run calls; nil where that is not known.
  private let api: APIDescription?

  /// Shows the run that `events` record; nil `progress` leaves open where an unfinished run stands.
  ///
  /// Suggested commands name the `journal` unless it is nil. `api` says which reads show what requests
  /// did that were in flight.
  package init(
    _ events: some Sequence<RunEvent>, _ progress: RunProgress? = nil, steps: Steps = .all,
    values: Values = .short, paths: Paths = .open, journal: JournalReference? = nil,
    api: APIDescription? = nil
  ) {
    tree = RunTree(events, journal: journal)
    self.progress = progress
    self.steps = steps
    self.values = values
    self.paths = paths
    self.journal = journal
    self.api = api
  }

  /// Whether a command is likely to name the node.
  func showsPath(of node: StepNode) -> Bool {
    guard paths == .open else { return !node.isAftermath }
    switch node.state {
    case .group: return false
    case .working, .waiting, .deciding, .pausing: return tree.isAtWork(node)
    case .finished(let result):
      switch result.outcome {
      case .succeeded, .unchanged, .skipped, .tolerated: return false
      case .failed, .cancelled, .inDoubt: return tree.isInnermostStep(node)
      }
    }
  }

  /// What is unknown of a request of `node`, in a run that no process drives.
  func openRequest(of node: StepNode) -> OpenRequest? {
    switch progress?.state {
    case .interrupted: break
    case .waiting where progress?.driver == nil: break
    case .running, .waiting, .damaged, nil: return nil
    }
    return OpenRequest(of: node, api)
  }

  /// Since when the run is over, or stands where it does; nil where that is not known.
  var since: Moment? {
    tree.overview.result == nil ? progress?.since : tree.overview.latestAt
  }

  /// The commands that continue the run; nil where it cannot be continued.
  var commands: RunCommands? {
    guard let start = tree.overview.start, tree.overview.continuationObstacle == nil else {
      return nil
    }
    return RunCommands(of: start.run, journal: journal)
  }

  /// Whether the step at `index` is one to show.
  func shows(_ index: Int) -> Bool {
    switch steps {
    case .all: return true
    case .failed:
      let node = tree.nodes[index]
      return node.isFailure || node.children.contains(where: shows)
    case .matching(let glob):
      let node = tree.nodes[index]
      return glob.matchesStep(at: node.path) || node.children.contains(where: shows)
    }
  }

  /// The run, its inputs, its steps as a tree with their requests, its failure and its outputs;
  /// ends in a newline.
  package func text(_ style: TerminalStyle) -> String {
    var lines = head
    let detail = StepDetail(run: self, style: style, longestValue: values.limit)
    let shown = tree.roots.flatMap { detail.lines($0, depth: 0) }
    lines += shown
    if shown.isEmpty { lines += nothingShown }
    if !tree.roots.isEmpty { lines.append(StyledLine()) }
    lines += ending
    return lines.map { $0.rendered(style) + "\n" }.joined()
  }

  /// What is said where no step is one to show.
  private var nothingShown: [StyledLine] {
    switch steps {
    case .all: []
    case .failed: [StyledLine("every step succeeded")]
    case .matching(let glob): [StyledLine("no step matches `\(glob.text)`")]
    }
  }

  private var head: [StyledLine] {
    guard let start = tree.overview.start else {
      return progress?.state == .damaged ? [] : [StyledLine("this run has no first event")]
    }
    var title = StyledLine(start.playbook, .strong)
    title.append(column: "run \(start.run)")
    let outcome = tree.overview.result?.outcome
    title.append(
      column: outcome?.word ?? progress?.text ?? "unfinished", outcome?.role ?? .active)
    var lines = [title]
    if let tenant = start.tenant {
      lines.append(
        Self.fact("tenant", "\(tenant.name), rollout \(tenant.rollout) (\(tenant.rolloutName))"))
    }
    for label in start.labels { lines.append(Self.fact("label", "\(label.name) = \(label.value)")) }
    if start.file != PlaybookFiles.callName { lines.append(Self.fact("file", start.file)) }
    if let begin = tree.overview.startedAt { lines.append(Self.fact("started", begin.text)) }
    if let time = tree.time.text { lines.append(Self.fact("elapsed", time)) }
    if let since, let word = progress?.state.rawValue, tree.overview.result == nil {
      lines.append(Self.fact("since", "\(since.text) (\(word))"))
    }
    lines.append(Self.fact("steps", tree.countsText))
    if let text = tree.overview.undone.countText { lines.append(Self.fact("undone", text)) }
    lines.append(Self.fact("plan", start.planDigest))
    lines.append(Self.fact("program", start.version))
    if let place = PlaceText.text(start.service, environment: start.environment) {
      lines.append(Self.fact("service", place))
    }
    for (name, text) in ValueText.members(of: start.inputs, limit: values.limit) {
      lines.append(Self.fact("input", "\(name) = \(text)"))
    }
    for session in tree.sessions.keys { lines.append(Self.fact("session", session)) }
    return lines + [StyledLine()]
  }

  private var ending: [StyledLine] {
    if let message = tree.overview.internalError {
      return [StyledLine("internal error: \(message)", .bad)]
    }
    guard let result = tree.overview.result else {
      if progress?.state == .damaged {
        let extent =
          tree.overview.start == nil ? "nothing in it is intact" : "what is intact ends here"
        return [StyledLine("the record is damaged: \(extent)", .bad)]
      }
      let places = tree.placesAtWork.prefix(Self.mostPlaces).map { "`\($0)`" }
      let atWork = places.isEmpty ? "" : ", at " + places.joined(separator: ", ")
      return [StyledLine("the record ends here\(atWork): \(progressText)", .notable)]
    }
    let sentence = EventSentence(result, explaining: .inHistory, in: tree)
    return [StyledLine(sentence.text, sentence.role)] + sentence.details
  }

  /// Where a run stands that is not over, and what continues it.
  var progressText: String {
    let resume = tree.overview.start.map { RunCommands(of: $0.run, journal: journal).resume } ?? ""
    let next = tree.overview.continuationObstacle ?? "`\(resume)` continues it"
    return switch (progress?.state, progress?.driver) {
    case (.running, let driver):
      "the run is in progress" + (driver.map { " (\($0.text))" } ?? "")
    case (.waiting, let driver?): "the run waits for a decision (running, \(driver.text))"
    case (.waiting, nil):
      "the run waits for a decision (no process drives it; \(next))"
    case (.interrupted, _):
      "the run was interrupted; \(next)"
    case (.damaged, _), (nil, _): "the run is still in progress, or was interrupted"
    }
  }

  static func fact(_ name: String, _ text: String, depth: Int = 1) -> StyledLine {
    var line = StyledLine(
      String(repeating: "  ", count: depth) + name.padded(to: max(10, name.count + 2)), .faint)
    line.append(text)
    return line
  }
}

extension StepNode {
  /// Whether the step ended otherwise than well, or has not ended.
  var isFailure: Bool {
    switch state {
    case .group: false
    case .working, .waiting, .deciding, .pausing: true
    case .finished(let result):
      switch result.outcome {
      case .succeeded, .unchanged, .skipped: false
      case .tolerated, .failed, .cancelled, .inDoubt: true
      }
    }
  }
}

extension Glob {
  /// Whether the path of the step, or of one that it is below, matches, or the last part of one of them.
  fileprivate func matchesStep(at path: StepPath) -> Bool {
    path.components.indices.contains { index in
      let outer = StepPath(components: Array(path.components[...index]))
      return matches("\(outer)") || matches("\(StepPath(components: [path.components[index]]))")
    }
  }
}
