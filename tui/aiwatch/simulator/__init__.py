"""The embedded exchange: real sockets and the real wire formats of the data hosts, with simulated prices.

It is the back end of ``aiwatch demo``, the server the tests talk to and the load of the benchmarks. Importing this
package, `aiwatch.simulator.options` or `aiwatch.simulator.process` loads no web server; `aiwatch.simulator.server`
does.
"""
