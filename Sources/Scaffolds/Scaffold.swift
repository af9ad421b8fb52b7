package import Operations
import OrderedCollections
import Playbooks

/// A playbook that calls chosen operations, for its author to go on from.
///
///     let scaffold = Scaffold(named: "approve", in: "approve.yaml", calling: chosen, api: api)
///     scaffold.text  // passes `privirun check`
///
/// Every field that is required is an input, or comes from a step before. What can be ensured is ensured, and
/// where several things may have one name, the list is read first. Optional fields and documented refusals
/// are in comments.
package struct Scaffold: Sendable {
  /// The text of the playbook.
  package let text: String

  /// A playbook called `name`, in a file that commands name `file`.
  package init(
    named name: String, in file: String, calling callables: [Callable], api: APIDescription
  ) {
    var drafting = ScaffoldDrafting(
      api: api, usesSession: callables.contains(where: \.needsSession))
    for callable in callables { drafting.add(callable) }
    text = Self.text(named: name, in: file, of: callables, drafting)
  }

  private static func text(
    named name: String, in file: String, of callables: [Callable], _ drafting: ScaffoldDrafting
  ) -> String {
    var lines = heading(of: callables, in: file, drafting)
    lines += [
      "playbook: 1", "name: \(AuthoredText.name(name))", "summary: \(summary(of: callables))",
    ]
    if !drafting.inputs.isEmpty {
      lines += [
        "", "# What the caller gives, as `--input name=value` or in a file as `--inputs FILE`.",
        "inputs:",
      ]
      lines += drafting.inputs.flatMap { name, draft in
        draft.lines(named: name).map { "  \($0)" }
      }
    }
    if let session = drafting.session {
      lines += ["", "# Who the steps act for. The first step that needs it logs in."]
      lines += session.lines
    }
    lines += ["", "steps:"]
    lines += drafting.steps.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n")
      .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    let outputs = drafting.outputs
    if !outputs.isEmpty {
      lines += [
        "", "# What the run prints at its end, and what a playbook that plays this one gets.",
      ]
      lines += ["outputs:"] + outputs.map { "  \($0.name): ${{ \($0.expression) }}" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func summary(of callables: [Callable]) -> String {
    let titles = callables.map(\.title)
    let first = titles.first ?? ""
    return AuthoredText.name(
      titles.count < 2 ? first : "\(first), and \(titles.count - 1) more")
  }

  private static func heading(
    of callables: [Callable], in file: String, _ drafting: ScaffoldDrafting
  ) -> [String] {
    let required = drafting.inputs.map { name, draft in "--input \(draft.example(for: name))" }
    let check = "privirun check \(file)"
    // A sandbox of the run's own is empty: nobody can log in there.
    let service = drafting.session == nil ? "--sandbox" : "--api-url http://localhost:8009"
    let run = ["privirun run \(file) \(service)"] + rows(of: required)
    var lines = AuthoredText.comment(
      "Calls \(callables.map(\.id).joined(separator: ", ")). Say here what it is for.")
    lines.append("#")
    lines.append("#   \(AuthoredText.printable(check))")
    for (index, row) in run.enumerated() {
      let end = index == run.count - 1 ? "" : " \\"
      lines.append("#   \(index == 0 ? "" : "  ")\(AuthoredText.printable(row))\(end)")
    }
    return lines + [
      "#", "# `privirun operations ID` explains each operation, its fields and what it returns.",
    ]
  }

  /// Words in rows that fit a comment.
  private static func rows(of words: [String]) -> [String] {
    var rows: [String] = []
    for word in words {
      if let row = rows.last, row.count + word.count < 80 {
        rows[rows.count - 1] = "\(row) \(word)"
      } else {
        rows.append(word)
      }
    }
    return rows
  }
}
