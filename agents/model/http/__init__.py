"""HTTP for providers: the standard library's client, httpx's transport, and what network errors mean."""
