import Expressions
import Operations
import OrderedCollections
import Planning
import Testing

@testable import Reporting

struct InputFlowsTests {
  private static let playbook = """
    playbook: 1
    name: flows
    inputs:
      text: { type: string }
      titled: { type: string }
      tested: { type: string }
      count: { type: integer, default: 1 }
      unused: { type: string, default: x }
      key: { type: secret }
      file: { type: string }
    session: { username: "${{ inputs.text }}", password: "${{ inputs.key }}" }
    steps:
      - id: device
        name: "Have ${{ inputs.titled }}"
        call: device.request-unique-identifier
        with: { deviceName: "of ${{ inputs.text }}" }
      - when: "${{ inputs.tested == 'x' }}"
        call: device.approve-device
        with: { deviceIdentifier: "${{ steps.device.deviceIdentifier }}" }
      - for-each: [a, b]
        concurrency: ${{ inputs.count }}
        steps:
          - id: keys
            call: keys.load
            with: { privateKeyFile: "${{ inputs.file }}.key" }
    outputs: { text: "${{ inputs.text }}" }

    """

  @Test func `inputs of conditions, titles and settings decide, and those of texts flow`() throws {
    let flows = InputFlows(in: try ForeseenPlan.checked(["/main.yaml": Self.playbook]).planned)
    #expect(flows.deciding == ["titled", "tested", "count"])
    #expect(flows.flowing == ["text", "key", "file"])
    #expect(flows.hasOtherFiles && !flows.usesRun)
    #expect(flows.usedResults.contains("deviceIdentifier", of: "device"))
    #expect(!flows.usedResults.contains("commandId", of: "device"))
  }

  @Test func `a text goes on through the inputs of a played playbook`() throws {
    let inner = """
      playbook: 1
      name: inner
      inputs: { name: { type: string }, role: { type: string } }
      steps:
        - when: "${{ inputs.role == 'storage' }}"
          call: device.request-unique-identifier
          with: { deviceName: "vault ${{ inputs.name }}" }

      """
    let main = """
      playbook: 1
      name: main
      inputs: { a: { type: string }, b: { type: string } }
      session: { username: u, password: "${{ inputs.b }}" }
      steps:
        - { id: p, play: inner.yaml, with: { name: "of ${{ inputs.a }}", role: "${{ inputs.b }}" } }

      """
    let flows = InputFlows(
      in: try ForeseenPlan.checked(["/main.yaml": main, "/inner.yaml": inner]).planned)
    #expect(flows.deciding == ["b"])
    let texts = flows.arguments.values.flatMap(\.values).map { $0.text(of: ["a": "acme"]) }
    #expect(texts == ["vault of acme"])
  }

  /// A playbook that has an expression wherever one may stand, each with an input of its own.
  private static let everywhere = """
    playbook: 1
    name: everywhere
    inputs: {
      a1: { type: string }, a2: { type: string }, a3: { type: string }, a4: { type: string },
      a5: { type: string }, a6: { type: string }, a7: { type: string }, a8: { type: string },
      a9: { type: string }, b1: { type: string }, b2: { type: string }, b3: { type: string },
      b4: { type: string }, b5: { type: string }, b6: { type: string }, b7: { type: string },
      b8: { type: string }, b9: { type: string }, c1: { type: string }, c2: { type: string },
      c3: { type: string }, n1: { type: integer }, n2: { type: integer },
      l1: { type: list, of: string } }
    let: { bound: "${{ inputs.a1 }}" }
    session: { username: "${{ inputs.a2 }}", password: "${{ inputs.a3 }}" }
    steps:
      - name: "${{ inputs.a4 }}"
        let: { own: "${{ inputs.a5 }}" }
        when: "${{ inputs.a6 == own }}"
        timeout: "${{ inputs.a7 }}"
        retry: { attempts: "${{ inputs.n1 }}", backoff: "${{ inputs.a8 }}" }
        session: { username: "${{ inputs.a9 }}", password: "${{ inputs.b1 }}" }
        call: device.request-unique-identifier
        with: { deviceName: "${{ inputs.b2 }}" }
        expect: ["${{ inputs.b3 == '' }}"]
        rescue:
          - { assert: [{ that: "${{ inputs.b4 == '' }}", message: "${{ inputs.b5 }}" }] }
        always:
          - { wait: "${{ inputs.b6 }}" }
      - wait: { until: "${{ inputs.b7 == '' }}", call: storage.list-storage-devices, every: 1s }
      - approve: "${{ inputs.b8 }}"
      - for-each: "${{ inputs.l1 }}"
        label: "${{ inputs.b9 }}"
        until: "${{ inputs.c1 == '' }}"
        concurrency: "${{ inputs.n2 }}"
        steps:
          - parallel:
              one: [{ call: keys.load, with: { privateKeyFile: "${{ inputs.c2 }}" } }]
              two: [{ assert: "${{ inputs.c3 == bound }}" }]

    """

  @Test func `no expression is passed over, wherever it stands`() throws {
    let planned = try ForeseenPlan.checked(["/main.yaml": Self.everywhere]).planned
    let flows = InputFlows(in: planned)
    let used = Self.inputs(in: planned.steps).union(Self.inputs(in: planned.locals))
      .union(Self.inputs(in: planned.session as Any))
    #expect(used == Set(planned.inputs.keys))
    #expect(flows.deciding.union(flows.flowing) == used)
  }

  /// The inputs that expressions inside `value` use, found whatever the types around them are.
  private static func inputs(in value: Any) -> Set<String> {
    if let expression = value as? Expression {
      return Set(expression.references(to: "inputs").compactMap(\.path.first))
    }
    guard !(value is Operations.Operation) else { return [] }
    return Mirror(reflecting: value).children.reduce(into: []) { names, child in
      names.formUnion(inputs(in: child.value))
    }
  }
}
