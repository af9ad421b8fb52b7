import Diagnostics
import Events
import Expressions
import Hosting
import Machine
import Operations
import Planning
import Playbooks
import Reporting
import Running

/// Reads what a tenant has, with a survey that is not recorded.
struct TenantReading {
  let api: APIDescription
  let run: UnrecordedRun

  /// With more stored files than this none is described; 0 reads none.
  let mostFiles: Int

  /// The survey, checked against the description, and its text.
  func survey(_ text: String) throws -> (CheckedPlaybook, SourceTexts) {
    var texts = SourceTexts()
    let files = PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in "/\(path)" },
      read: { _, _ throws(PlaybookFiles.Problem) in Array(text.utf8) }, names: { _ in nil })
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: files).load(TenantSurvey.file, texts: &texts)
      return (try Planner(api: api).check(loaded), texts)
    } catch {
      throw CommandFailure(
        .invalid,
        "with this description no tenant can be read: "
          + (error.diagnostics.first?.message ?? "the survey is refused"))
    }
  }

  /// What the survey of `plan` shows of everything, and the pages of the data.
  func perform(
    _ plan: Plan, over transport: any Transport
  ) async throws -> (outputs: ValueMap, pages: SurveyedPages) {
    var pages = SurveyedPages(limit: mostFiles)
    let outputs = try await outputs(of: plan, pages: pages.next, over: transport)
    pages.add(outputs)
    let survey = try self.survey(TenantSurvey.furtherPages).0
    while !pages.next.isEmpty {
      let further = try survey.plan(inputs: plan.inputs)
      pages.add(try await self.outputs(of: further, pages: pages.next, over: transport))
    }
    return (outputs, pages)
  }

  private func outputs(
    of plan: Plan, pages: [Int], over transport: any Transport
  ) async throws -> ValueMap {
    var plan = plan
    plan.inputs[TenantSurvey.pagesInput] = .list(pages.map { .int(Int64($0)) })
    var generator = SystemRandomNumberGenerator()
    let start = RunStart(
      run: RunID(using: &generator), playbook: plan.playbook.name, file: plan.playbook.file,
      planDigest: plan.digest, inputs: plan.inputs, seed: generator.next(), version: Version.text)
    let order = RunOrder(starting: RunMachine(plan: plan, start: start))
    switch try await run.perform(order, over: transport).ending {
    case .finished(let result) where result.outcome.allowsContinuation: return result.outputs
    case .finished(let result): throw failure(result)
    case .notStarted: throw CommandFailure(.cancelled, "nothing was read, and nothing written")
    case .waiting, .unrecorded, .faulty, .lost, .blocked:
      throw CommandFailure(.fault, "internal error while the tenant was read")
    }
  }

  private func failure(_ result: RunResult) -> CommandFailure {
    guard let failure = result.failure else {
      return CommandFailure(
        ExitStatus(result), "the tenant was not read: \(result.outcome.rawValue)")
    }
    let style = TerminalStyle(environment: run.environment, allowsColor: false)
    let operation = failure.operation.map { "`\($0)`: " } ?? ""
    return CommandFailure(
      ExitStatus(result),
      style.printable("the tenant cannot be read: \(operation)\(failure.message)"),
      hint: (failure.hint ?? Self.usualHint(failure.kind)).map(style.printable))
  }

  private static func usualHint(_ kind: FailureClass) -> String? {
    switch kind {
    case .unauthorised: "check the username and the password"
    case .network: "check that the service runs and that --api-url leads to it"
    case .timeout, .throttled, .serverError, .rejected, .invalid, .malformed, .expectation, .local:
      nil
    }
  }
}
