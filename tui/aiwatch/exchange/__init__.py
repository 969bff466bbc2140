"""The embedded exchange: real sockets and the real wire formats of the data hosts, with simulated prices.

It is the back end of ``aiwatch demo``, the server the tests talk to and the load of the benchmarks. Importing this
package, `aiwatch.exchange.options` or `aiwatch.exchange.process` loads no web server; `aiwatch.exchange.server` does.
"""
