"""Evidence: the last pictures in memory, capsules sealed for an alert, and a chain that shows they were not changed."""
