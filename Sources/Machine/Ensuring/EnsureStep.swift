import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// `call` with `ensure`: reads what there is, does what differs, and reads until that shows.
///
/// What is decided is recorded before a request leaves because of it, and what was carried out after it
/// ended; so a step that is taken up, or attempted again, goes on from there.
struct EnsureStep: StepRules {
  let operation: Operation
  let call: PlannedCall
  let lookup: Lookup
  let ensurance: Ensurance
  let location: SourceLocation

  /// The call as it would be without `ensure`.
  var creation: OperationStep { OperationStep(operation: operation, call: call) }

  var kind: StepSummary.Kind { .call }
  var subject: String? { operation.id }
  var isCall: Bool { true }
  var isRepeatable: Bool { creation.isRepeatable }
  var lookupID: String? { lookup.operation }

  func defaultTimeout(within settings: RunSettings) -> Duration? {
    creation.defaultTimeout(within: settings)
  }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let arguments = try? machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    guard machine.takesTurn(id, self, node, giving: arguments) else { return }
    // What was done is not looked for as if nothing had been.
    if let comparison = machine.kernel.tree.step(id)?.progress.comparison, !comparison.done.isEmpty
    {
      return goOn(id, comparison, in: &machine)
    }
    try read(id, for: .deciding, in: &machine)
  }

  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    guard let request = request(of: progress, at: node, in: machine) else {
      return try start(id, node, in: &machine)
    }
    if progress.doubt?.isDone ?? false || progress.exchange?.verdict?.state == .succeeded {
      return requestDone(id, with: .null, in: &machine)
    }
    guard request.isInFlight(progress) else { return try start(id, node, in: &machine) }
    try request.resume(id, node, progress, in: &machine)
  }

  func isInFlight(_ progress: StepProgress) -> Bool {
    guard let exchange = progress.exchange, exchange.verdict == nil else { return false }
    return !(progress.comparison?.done.contains(exchange.intent.operation) ?? false)
  }

  func request(
    of progress: StepProgress, at node: Node, in machine: RunMachine
  ) -> OperationStep? {
    guard let id = progress.exchange?.intent.operation else { return nil }
    guard let comparison = progress.comparison else { return id == operation.id ? creation : nil }
    return requests(of: comparison, at: node, in: machine).first { $0.operation.id == id }
  }

  /// What is sent because of what was found, in this order.
  func requests(
    of comparison: StateComparison, at node: Node, in machine: RunMachine
  ) -> [OperationStep] {
    let removal = lookup.remedies.removal.compactMap { remedy in
      self.request(remedy, on: comparison.record, keeping: [:], in: machine)
    }
    guard !comparison.recreates else { return removal + [creation] }
    switch comparison.change.kind {
    case .create: return [creation]
    case .remove: return lookup.expects == .absent ? [creation] : removal
    case .change:
      guard case .other(let remedy)? = lookup.remedies.correction else { return [creation] }
      let arguments = try? machine.kernel.tree.evaluate(call.arguments, in: node.scope)
      let request = self.request(
        remedy, on: comparison.record, keeping: arguments ?? [:], in: machine)
      return [request].compactMap(\.self)
    case .unchanged, .drift, .conflict, .unknown: return []
    }
  }

  private func request(
    _ remedy: Lookup.Remedy, on record: ValueMap, keeping call: ValueMap, in machine: RunMachine
  ) -> OperationStep? {
    guard let operation = machine.kernel.plan.api.operations[remedy.operation],
      let arguments = remedy.arguments(of: operation, on: record, keeping: call)
    else { return nil }
    var templates: OrderedDictionary<String, Template> = [:]
    for name in arguments.names {
      templates[name] = .literal(arguments[name] ?? .null, location, written: nil)
    }
    return OperationStep(
      operation: operation,
      call: PlannedCall(target: .operation(operation), arguments: templates))
  }
}

/// Reading.
extension EnsureStep {
  /// Begins to read what there is.
  func read(
    _ id: NodeID, for purpose: Ensuring.Purpose, in machine: inout RunMachine
  ) throws(WorkFailure) {
    guard let (node, state) = machine.kernel.inProgress(id),
      let read = machine.kernel.certain(machine.kernel.plan.api.operations[lookup.operation])
    else { return }
    let tree = machine.kernel.tree
    var arguments = try WorkFailure.orSettled { () throws(Failure) in
      try tree.evaluate(call.arguments, in: node.scope)
    }
    if case .verifying = purpose {
      arguments = lookup.arguments(arguments, after: answer(in: state.progress))
    }
    guard let fields = machine.fields(of: read, lookup, for: arguments, node, state) else {
      let failure = Failure(
        .local, "`\(read.id)`, which reads what there is, needs more than the call gives",
        operation: operation.id)
      throw WorkFailure(failure, effect: .settled)
    }
    machine.works.setEnsuring(
      Ensuring(purpose, lookup, by: read, fields, for: arguments, at: machine.kernel.now), of: id)
    if !purpose.isDeciding {
      machine.kernel.wake(
        for: .deadline(id), at: machine.kernel.now + machine.kernel.settings.lookups.limit)
      machine.kernel.emitWaiting(id, .lookup(operation: read.id))
    }
    try sendRead(id, node, in: &machine)
  }

  /// Sends the next read.
  private func sendRead(
    _ id: NodeID, _ node: Node, in machine: inout RunMachine
  ) throws(WorkFailure) {
    guard let ensuring = machine.kernel.certain(machine.works.ensuring(of: id)) else { return }
    let session = try machine.session(of: ensuring.read, at: id, node)
    machine.calls.begin(
      id, ensuring.read, ensuring.search.nextFields(adding: ensuring.fields), in: session,
      recording: .nothing, &machine.kernel)
    machine.calls.proceed(id, &machine.sessions, &machine.kernel)
  }

  /// The time for another read has come.
  func readAgain(_ id: NodeID, in machine: inout RunMachine) {
    guard let (node, _) = machine.kernel.inProgress(id) else { return }
    do throws(WorkFailure) {
      try sendRead(id, node, in: &machine)
    } catch {
      machine.fail(id, error)
    }
  }

  func scheduleRead(
    _ id: NodeID, _ ensuring: Ensuring, at moment: Moment, in machine: inout RunMachine
  ) {
    var ensuring = ensuring
    ensuring.beginAgain()
    machine.works.setEnsuring(ensuring, of: id)
    machine.kernel.wake(for: .lookup(id), at: moment)
  }

  func scheduleRead(
    _ id: NodeID, _ ensuring: Ensuring, after pause: Duration? = nil, in machine: inout RunMachine
  ) {
    let interval = machine.kernel.settings.lookups.interval
    scheduleRead(
      id, ensuring, at: machine.kernel.now + max(interval, pause ?? .zero), in: &machine)
  }

  func callSucceeded(_ id: NodeID, with fields: ValueMap, in machine: inout RunMachine) {
    guard machine.works.inquiry(of: id) == nil else {
      return machine.inquiryAnswered(id, with: fields)
    }
    guard var ensuring = machine.works.ensuring(of: id) else {
      return requestDone(id, with: .map(fields), in: &machine)
    }
    if let refusal = ensuring.doubtedRefusal {
      return fail(id, WorkFailure(contradicted(refusal), effect: .none), in: &machine)
    }
    let continues = ensuring.search.read(fields)
    ensuring.problem = nil
    machine.works.setEnsuring(ensuring, of: id)
    guard !continues else { return readAgain(id, in: &machine) }
    readWhole(id, ensuring, in: &machine)
  }

  /// Everything was read that may be the thing.
  private func readWhole(_ id: NodeID, _ ensuring: Ensuring, in machine: inout RunMachine) {
    let choice = choice(for: ensuring.purpose, machine.kernel.tree.step(id)?.progress.comparison)
    take(
      ensuring.search.standing(ensurance, of: operation, among: choice), id, ensuring, in: &machine)
  }

  func callFailed(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine) {
    guard machine.works.inquiry(of: id) == nil else { return machine.inquiryFailed(id, problem) }
    guard let ensuring = machine.works.ensuring(of: id) else {
      return requestFailed(id, problem, in: &machine)
    }
    readFailed(id, ensuring, problem, in: &machine)
  }

  private func readFailed(
    _ id: NodeID, _ ensuring: Ensuring, _ problem: WorkFailure, in machine: inout RunMachine
  ) {
    if ensuring.doubtedRefusal != nil {
      return proofFailed(id, ensuring, problem, in: &machine)
    }
    let hasFoundAPI = machine.calls.hasFoundAPI(machine.sessions)
    if problem.failure.status == 404, ensuring.search.isPastFirstPage {
      // There is no such page.
      return readWhole(id, ensuring, in: &machine)
    }
    if lookup.isAbsence(
      status: problem.failure.status, of: ensuring.read, hasFoundAPI: hasFoundAPI)
    {
      guard mustProve(problem.failure, ensuring, id, machine) else {
        return take(.absent, id, ensuring, in: &machine)
      }
      return prove(problem.failure, id, ensuring, in: &machine)
    }
    var (ensuring, problem) = (ensuring, problem)
    // What was done is done: that a read fails says nothing of it, whatever the reason.
    let isRepeated =
      switch ensuring.purpose {
      case .deciding: false
      case .confirming: problem.isPassing
      case .verifying: true
      }
    guard !isRepeated else {
      ensuring.problem = problem.failure.message
      return scheduleRead(id, ensuring, after: problem.retryAfter, in: &machine)
    }
    problem.effect = .none
    if case .confirming(let refusal) = ensuring.purpose { problem = refusal }
    fail(id, problem, in: &machine)
  }

  /// The step fails; nothing that it read says anything of that.
  func fail(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine) {
    machine.works.setEnsuring(nil, of: id)
    machine.fail(id, problem)
  }
}

/// Deciding.
extension EnsureStep {
  func take(
    _ standing: Lookup.Standing, _ id: NodeID, _ ensuring: Ensuring, in machine: inout RunMachine
  ) {
    switch ensuring.purpose {
    case .deciding: decide(standing, id, ensuring, in: &machine)
    case .confirming(let refusal): confirm(standing, refusal, id, ensuring, in: &machine)
    case .verifying: verify(standing, id, ensuring, in: &machine)
    }
  }

  private func decide(
    _ standing: Lookup.Standing, _ id: NodeID, _ ensuring: Ensuring, in machine: inout RunMachine
  ) {
    guard let (_, state) = machine.kernel.inProgress(id) else { return }
    if let comparison = state.progress.comparison, !comparison.done.isEmpty {
      return goOn(id, comparison, in: &machine)
    }
    let decision = EnsureDecision(
      standing, of: self, with: machine.kernel.hidden(ensuring.arguments),
      in: machine.kernel.plan.api)
    if let next = nextRead(before: decision, on: standing, ensuring, machine) {
      return scheduleRead(id, ensuring, at: next, in: &machine)
    }
    if machine.guidance.planning != nil { return foresee(standing, id, in: &machine) }
    switch decision {
    case .leave(let record, let change):
      let known = change.kind == .unchanged ? lostChange(of: state.progress) : nil
      finish(
        id, record,
        known
          ?? change.noting(
            record, among: ensuring.search.matches.count, ensuring.arguments, lookup),
        in: &machine)
    case .act(let change, let record, let recreates):
      var comparison = StateComparison(
        operation: ensuring.read.id, change: change.hiding(machine.kernel.secrets),
        recreates: recreates, record: machine.kernel.hidden(record),
        seen: lookup.isUnique ? [] : ensuring.search.recordIDs)
      comparison.change.reason = change.reason
      begin(id, comparison, in: &machine)
    case .fail(let failure):
      fail(id, WorkFailure(failure, effect: .settled), in: &machine)
    }
  }

  /// What an earlier request did, going by what is read now; nil where there was none that had an effect,
  /// or its effect does not show yet.
  func lostChange(of progress: StepProgress) -> StateChange? {
    guard lookup.evidence.shows == .done else { return nil }
    return progress.possibleChange.map { change in
      var change = change
      change.reason = "the response to the request was lost"
      return change
    }
  }

  /// When a missing thing is looked for again before it is made, or the step fails for it; nil where it is
  /// certainly missing.
  ///
  /// A read may lag behind what was done a moment ago: by others, where names are not unique, by an
  /// earlier run, or by a step that has made what is now to be set.
  private func nextRead(
    before decision: EnsureDecision, on standing: Lookup.Standing, _ ensuring: Ensuring,
    _ machine: RunMachine
  ) -> Moment? {
    let (lookups, now) = (machine.kernel.settings.lookups, machine.kernel.now)
    var end = lookup.isUnique ? now : ensuring.startedAt + lookups.lag
    switch decision {
    case .act(let change, [:], _) where change.kind != .remove: break
    // In a plan no step has made anything.
    case .fail where standing == .absent:
      if machine.guidance.planning == nil { end = ensuring.startedAt + lookups.lag }
    case .leave, .act, .fail: return nil
    }
    if ensuring.read.authorization != .none, let start = machine.kernel.state.overview.startedAt {
      end = max(end, start + lookups.unsettled)
    }
    return now < end ? min(end, now + lookups.lag) : nil
  }

  /// Records what is done, and does the first of it.
  private func begin(
    _ id: NodeID, _ comparison: StateComparison, in machine: inout RunMachine
  ) {
    guard let (node, _) = machine.kernel.inProgress(id) else { return }
    if let objection = machine.guidance.decisions?.objection(
      to: comparison.change, machine.asked(of: id), at: node.path)
    {
      return fail(id, WorkFailure(objection, effect: .settled), in: &machine)
    }
    guard !requests(of: comparison, at: node, in: machine).isEmpty else {
      let failure = Failure(
        .local, "`\(lookup.operation)` does not show what the request that follows needs",
        operation: operation.id)
      return fail(id, WorkFailure(failure, effect: .settled), in: &machine)
    }
    machine.kernel.emit(.stateCompared(node.path, comparison))
    goOn(id, comparison, in: &machine)
  }

  /// Sends what has not been sent yet, or reads whether all of it shows.
  func goOn(
    _ id: NodeID, _ comparison: StateComparison, in machine: inout RunMachine
  ) {
    guard let (node, _) = machine.kernel.inProgress(id) else { return }
    let next = requests(of: comparison, at: node, in: machine)
      .first { !comparison.done.contains($0.operation.id) }
    do throws(WorkFailure) {
      guard let next else {
        guard lookup.evidence.shows == .done else {
          return finish(id, [:], comparison.change, in: &machine)
        }
        return try read(id, for: .verifying, in: &machine)
      }
      machine.works.setEnsuring(nil, of: id)
      try next.start(id, node, in: &machine)
    } catch {
      machine.fail(id, error)
    }
  }
}
