"""Who is answered when: questions of many askers, in a bounded line, in threads or processes."""
