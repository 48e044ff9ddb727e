"""One file a peer, run by the peer's own interpreter, beside its pinned versions."""
