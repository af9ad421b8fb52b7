import Events
import Operations

extension RunEvent.Kind {
  /// The texts that a record's first event names, by their digests in lower-case hex.
  var pinnedTexts: [(text: PinnedText, digest: String)] {
    switch self {
    case .runStarted(let start): start.pinned?.texts ?? []
    case .rollout(.started(let start)):
      start.pinned.texts + [(.definition, start.definition), (.tenants, start.tenants)]
    case _: []
    }
  }

  /// The digests of these texts, as far as they are digests.
  var pinnedDigests: [TextDigest] {
    pinnedTexts.compactMap { text in Hexadecimal.decode(text.digest).flatMap { TextDigest($0) } }
  }
}

extension PinnedPlan {
  fileprivate var texts: [(text: PinnedText, digest: String)] {
    [(.playbooks, files), (.description, description)]
      + (savedPlan.map { [(.savedPlan, $0)] } ?? [])
  }
}
