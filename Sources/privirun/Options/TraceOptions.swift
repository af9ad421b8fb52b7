import ArgumentParser

/// Whether the requests of runs carry their trace context.
struct TraceOptions: ParsableArguments {
  @Flag(
    help: """
      Send the trace context of the run with each request, in the W3C headers traceparent and tracestate.
      """)
  var traceContext = false
}
