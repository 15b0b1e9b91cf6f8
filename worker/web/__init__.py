"""The read-only status page, and the answers for whoever watches the watcher."""
