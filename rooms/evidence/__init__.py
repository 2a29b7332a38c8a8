"""Evidence of live rooms: the last pictures of each student become a capsule, each capsule an entry of the chain."""
